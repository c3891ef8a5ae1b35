import { and, eq, sql } from 'drizzle-orm'
import type { Database } from './client'
import { modelChoice, modelPrice, modelProvider } from './schema/models'

export interface ModelProviderRow {
  name: string
  kind: 'openai' | 'anthropic' | 'google' | 'compatible'
  baseUrl: string | null
  sealedKey: string | null
}

/** In the order of their names. */
export async function listModelProviders(db: Database, workspaceId: string): Promise<ModelProviderRow[]> {
  const { name, kind, baseUrl, sealedKey } = modelProvider
  return db.drizzle
    .select({ name, kind, baseUrl, sealedKey })
    .from(modelProvider)
    .where(eq(modelProvider.workspaceId, workspaceId))
    .orderBy(name)
}

export async function setModelProvider(
  db: Database,
  workspaceId: string,
  { name, ...values }: ModelProviderRow,
  person: string | null,
): Promise<void> {
  await db.drizzle
    .insert(modelProvider)
    .values({ workspaceId, name, ...values, updatedBy: person })
    .onConflictDoUpdate({
      target: [modelProvider.workspaceId, modelProvider.name],
      set: { ...values, updatedBy: person, updatedAt: sql`now()` },
    })
}

/** Gives whether there was one. */
export async function deleteModelProvider(db: Database, workspaceId: string, name: string): Promise<boolean> {
  const gone = await db.drizzle
    .delete(modelProvider)
    .where(and(eq(modelProvider.workspaceId, workspaceId), eq(modelProvider.name, name)))
    .returning({ name: modelProvider.name })
  return gone.length > 0
}

/** Null: the first that is there. */
export async function readDefaultModel(db: Database, workspaceId: string): Promise<string | null> {
  const [row] = await db.drizzle
    .select({ defaultModel: modelChoice.defaultModel })
    .from(modelChoice)
    .where(eq(modelChoice.workspaceId, workspaceId))
  return row?.defaultModel ?? null
}

export async function setDefaultModel(
  db: Database,
  workspaceId: string,
  defaultModel: string | null,
  person: string | null,
): Promise<void> {
  await db.drizzle
    .insert(modelChoice)
    .values({ workspaceId, defaultModel, updatedBy: person })
    .onConflictDoUpdate({
      target: modelChoice.workspaceId,
      set: { defaultModel, updatedBy: person, updatedAt: sql`now()` },
    })
}

export interface ModelPriceRow {
  model: string
  /** US dollars for a million tokens. */
  input: number
  output: number
  /** Tokens that it holds at most, question and answer together; null: nobody has said. */
  context?: number | null
}

export async function listModelPrices(db: Database, workspaceId: string): Promise<ModelPriceRow[]> {
  const { model, input, output, context } = modelPrice
  return db.drizzle
    .select({ model, input, output, context })
    .from(modelPrice)
    .where(eq(modelPrice.workspaceId, workspaceId))
    .orderBy(model)
}

export async function setModelPrice(
  db: Database,
  workspaceId: string,
  { model, ...values }: ModelPriceRow,
  person: string | null,
): Promise<void> {
  await db.drizzle
    .insert(modelPrice)
    .values({ workspaceId, model, ...values, updatedBy: person })
    .onConflictDoUpdate({
      target: [modelPrice.workspaceId, modelPrice.model],
      set: { ...values, updatedBy: person, updatedAt: sql`now()` },
    })
}

/** Gives whether there was one. */
export async function deleteModelPrice(db: Database, workspaceId: string, model: string): Promise<boolean> {
  const gone = await db.drizzle
    .delete(modelPrice)
    .where(and(eq(modelPrice.workspaceId, workspaceId), eq(modelPrice.model, model)))
    .returning({ model: modelPrice.model })
  return gone.length > 0
}
