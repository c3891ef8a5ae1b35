import { and, eq } from 'drizzle-orm'
import type { JsonObject } from '@/flow/json'
import type { Database, Executor } from './client'
import { ConflictError } from './errors'
import { webhook } from './schema/flows'
import type { Trigger } from './triggers'

export interface WebhookRoute {
  /** Upper case. */
  method: string
  /** Below /hooks, without slashes at its ends. */
  path: string
  workspaceId: string
  flowId: string
  node: string
  version: number
  config: JsonObject
}

/** A path as routes store it: no slashes at either end. */
export function hookPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}

/** Replaces the routes of a flow by those of its new live version. Throws ConflictError `webhook_taken`. */
export async function syncWebhooks(
  tx: Executor,
  workspaceId: string,
  flowId: string,
  version: number,
  triggers: Trigger[],
): Promise<void> {
  await tx.delete(webhook).where(and(eq(webhook.workspaceId, workspaceId), eq(webhook.flowId, flowId)))
  for (const { kind, node, config } of triggers) {
    if (kind !== 'webhook' || typeof config.path !== 'string') continue
    const method = typeof config.method === 'string' ? config.method.toUpperCase() : 'POST'
    const path = hookPath(config.path)
    const rows = await tx
      .insert(webhook)
      .values({ method, path, workspaceId, flowId, node, version, config })
      .onConflictDoNothing()
      .returning({ path: webhook.path })
    if (rows.length === 0) {
      throw new ConflictError(
        'webhook_taken',
        `${method} /hooks/${path} is answered by another trigger already. Give node ${node} another path.`,
      )
    }
  }
}

/** Every route of the installation; there are as many as published webhook triggers. */
export async function listWebhooks(db: Database): Promise<WebhookRoute[]> {
  return db.drizzle.select().from(webhook)
}

export async function findWebhook(db: Database, method: string, path: string): Promise<WebhookRoute | null> {
  const [row] = await db.drizzle
    .select()
    .from(webhook)
    .where(and(eq(webhook.method, method.toUpperCase()), eq(webhook.path, hookPath(path))))
  return row ?? null
}
