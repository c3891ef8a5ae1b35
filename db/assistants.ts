import { and, asc, eq, inArray, isNull, max, ne, sql } from 'drizzle-orm'
import type { FlowDocument } from '@/flow/document'
import type { Database, Executor } from './client'
import { ConflictError, NotFoundError } from './errors'
import { assistant, assistantFlow } from './schema/assistants'
import { user } from './schema/auth'
import { flow, flowVersion } from './schema/flows'

/** What of an assistant people write. */
export interface AssistantSettings {
  name: string
  instruction: string
  /** Null: the workspace's default. */
  model: string | null
  voiceModel: string | null
  voice: string | null
}

export interface StoredAssistant extends AssistantSettings {
  id: string
  createdAt: Date
  updatedAt: Date
  /** Name of the person, where known. */
  updatedBy: string | null
}

/** Whether a flow of an assistant is on, and for whom. */
export interface FlowSwitch {
  flow: string
  /** For everybody. */
  active: boolean
  /** Kinds of user for whom it is on although it is not for everybody. */
  userKinds: string[]
}

export interface AssistantFlow extends FlowSwitch {
  /** What a call runs: the live version, or the draft while nothing is published. Null: there is no such flow any more. */
  document: FlowDocument | null
  /** Null: the draft. */
  version: number | null
}

const columns = {
  id: assistant.id,
  name: assistant.name,
  instruction: assistant.instruction,
  model: assistant.model,
  voiceModel: assistant.voiceModel,
  voice: assistant.voice,
  createdAt: assistant.createdAt,
  updatedAt: assistant.updatedAt,
  updatedBy: user.name,
}

const of = (workspaceId: string, id: string) =>
  and(eq(assistant.workspaceId, workspaceId), eq(assistant.id, id))

const flowsOf = (workspaceId: string, id: string) =>
  and(eq(assistantFlow.workspaceId, workspaceId), eq(assistantFlow.assistantId, id))

/** Throws ConflictError `assistant_exists`, and NotFoundError for a flow that is not there. */
export async function createAssistant(
  db: Database,
  workspaceId: string,
  { id, settings, flows }: { id: string; settings: AssistantSettings; flows: FlowSwitch[] },
  person: string | null = null,
): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    const created = await tx
      .insert(assistant)
      .values({ workspaceId, id, ...settings, updatedBy: person })
      .onConflictDoNothing()
      .returning({ id: assistant.id })
    if (created.length === 0) {
      throw new ConflictError('assistant_exists', `There is an assistant ${id} already. Choose another id.`)
    }
    await insertFlows(tx, workspaceId, id, flows)
  })
}

/** By name. */
export async function listAssistants(db: Database, workspaceId: string): Promise<StoredAssistant[]> {
  return db.drizzle
    .select(columns)
    .from(assistant)
    .leftJoin(user, eq(user.id, assistant.updatedBy))
    .where(eq(assistant.workspaceId, workspaceId))
    .orderBy(asc(assistant.name), asc(assistant.id))
}

/** Throws NotFoundError. */
export async function getAssistant(db: Database, workspaceId: string, id: string): Promise<StoredAssistant> {
  const [row] = await db.drizzle
    .select(columns)
    .from(assistant)
    .leftJoin(user, eq(user.id, assistant.updatedBy))
    .where(of(workspaceId, id))
  if (!row) throw noSuchAssistant(id)
  return row
}

/** Its flows in the order in which they were added. Empty for an assistant that is not there. */
export async function listAssistantFlows(
  db: Database,
  workspaceId: string,
  assistantId: string,
): Promise<AssistantFlow[]> {
  return db.drizzle
    .select({
      flow: assistantFlow.flowId,
      active: assistantFlow.active,
      userKinds: assistantFlow.userKinds,
      version: flow.liveVersion,
      document: sql<FlowDocument | null>`coalesce(${flowVersion.document}, ${flow.document})`,
    })
    .from(assistantFlow)
    .leftJoin(
      flow,
      and(
        eq(flow.workspaceId, assistantFlow.workspaceId),
        eq(flow.id, assistantFlow.flowId),
        isNull(flow.archivedAt),
      ),
    )
    .leftJoin(
      flowVersion,
      and(
        eq(flowVersion.workspaceId, flow.workspaceId),
        eq(flowVersion.flowId, flow.id),
        eq(flowVersion.number, flow.liveVersion),
      ),
    )
    .where(flowsOf(workspaceId, assistantId))
    .orderBy(asc(assistantFlow.position), asc(assistantFlow.flowId))
}

/** How many flows each assistant of the workspace has, and how many are on for everybody. */
export async function countAssistantFlows(
  db: Database,
  workspaceId: string,
): Promise<{ assistant: string; flows: number; active: number }[]> {
  return db.drizzle
    .select({
      assistant: assistantFlow.assistantId,
      flows: sql<number>`count(*)::int`,
      active: sql<number>`(count(*) filter (where ${assistantFlow.active}))::int`,
    })
    .from(assistantFlow)
    .where(eq(assistantFlow.workspaceId, workspaceId))
    .groupBy(assistantFlow.assistantId)
}

/** Changes what is given; `flows` replaces the whole set. Throws NotFoundError, for a new flow that is not there too. */
export async function updateAssistant(
  db: Database,
  workspaceId: string,
  id: string,
  change: Partial<AssistantSettings> & { flows?: FlowSwitch[] },
  person: string | null = null,
): Promise<void> {
  const { flows, ...settings } = change
  await db.drizzle.transaction(async (tx) => {
    await touch(tx, workspaceId, id, person, settings)
    if (!flows) return
    const kept = await tx.delete(assistantFlow).where(flowsOf(workspaceId, id)).returning()
    await insertFlows(tx, workspaceId, id, flows, new Set(kept.map(({ flowId }) => flowId)))
  })
}

/** Throws NotFoundError. */
export async function removeAssistant(db: Database, workspaceId: string, id: string): Promise<void> {
  const gone = await db.drizzle.delete(assistant).where(of(workspaceId, id)).returning({ id: assistant.id })
  if (gone.length === 0) throw noSuchAssistant(id)
}

/** What is to be changed of how a flow is on; what is left out stays. */
export interface FlowChange {
  flow: string
  active?: boolean
  userKinds?: string[]
  /** Every other flow is switched off for everybody. */
  alone?: boolean
}

/**
 * Changes for whom a flow is on. One that the assistant does not have is added when it is switched on.
 * Throws NotFoundError.
 */
export async function switchFlow(
  db: Database,
  workspaceId: string,
  id: string,
  { flow: flowId, alone = false, ...change }: FlowChange,
  person: string | null = null,
): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    await touch(tx, workspaceId, id, person)
    const its = and(flowsOf(workspaceId, id), eq(assistantFlow.flowId, flowId))
    const switched = await tx
      .update(assistantFlow)
      .set({ flowId, ...change })
      .where(its)
      .returning({ flow: assistantFlow.flowId })
    if (switched.length === 0) {
      if (!change.active) throw noSuchFlowOf(id, flowId)
      await insertFlows(tx, workspaceId, id, [{ flow: flowId, active: true, userKinds: [], ...change }])
    }
    if (!alone) return
    const others = and(flowsOf(workspaceId, id), ne(assistantFlow.flowId, flowId))
    await tx.update(assistantFlow).set({ active: false }).where(others)
  })
}

/** Throws NotFoundError. */
export async function removeAssistantFlow(
  db: Database,
  workspaceId: string,
  id: string,
  flowId: string,
  person: string | null = null,
): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    await touch(tx, workspaceId, id, person)
    const gone = await tx
      .delete(assistantFlow)
      .where(and(flowsOf(workspaceId, id), eq(assistantFlow.flowId, flowId)))
      .returning({ flow: assistantFlow.flowId })
    if (gone.length === 0) throw noSuchFlowOf(id, flowId)
  })
}

/** Also the lock that keeps two changes of one assistant apart. */
async function touch(
  tx: Executor,
  workspaceId: string,
  id: string,
  person: string | null,
  settings: Partial<AssistantSettings> = {},
): Promise<void> {
  const found = await tx
    .update(assistant)
    .set({ ...settings, updatedAt: sql`clock_timestamp()`, updatedBy: person })
    .where(of(workspaceId, id))
    .returning({ id: assistant.id })
  if (found.length === 0) throw noSuchAssistant(id)
}

/** `known`: flows that the assistant had already; they may have been archived since. */
async function insertFlows(
  tx: Executor,
  workspaceId: string,
  assistantId: string,
  flows: FlowSwitch[],
  known: ReadonlySet<string> = new Set(),
): Promise<void> {
  if (flows.length === 0) return
  const asked = flows.map((each) => each.flow).filter((id) => !known.has(id))
  const found = await tx
    .select({ id: flow.id })
    .from(flow)
    .where(and(eq(flow.workspaceId, workspaceId), inArray(flow.id, asked), isNull(flow.archivedAt)))
  const there = new Set(found.map(({ id }) => id))
  const missing = asked.find((id) => !there.has(id))
  if (missing !== undefined) throw new NotFoundError(`There is no flow ${missing} here.`)
  const [last] = await tx
    .select({ position: max(assistantFlow.position) })
    .from(assistantFlow)
    .where(flowsOf(workspaceId, assistantId))
  const first = (last?.position ?? -1) + 1
  await tx.insert(assistantFlow).values(
    flows.map(({ flow: flowId, active, userKinds }, index) => ({
      workspaceId,
      assistantId,
      flowId,
      active,
      userKinds,
      position: first + index,
    })),
  )
}

function noSuchAssistant(id: string): NotFoundError {
  return new NotFoundError(`There is no assistant ${id} here.`)
}

function noSuchFlowOf(id: string, flow: string): NotFoundError {
  return new NotFoundError(`The assistant ${id} has no flow ${flow}.`)
}
