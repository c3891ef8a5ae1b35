import { and, eq, inArray, sql } from 'drizzle-orm'
import type { JsonObject } from '@/flow/json'
import type { Database, Executor } from './client'
import { ConflictError } from './errors'
import { lockClass } from './locks'
import { webhook } from './schema/flows'
import { run } from './schema/runs'
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
  const wanted = triggers
    .filter(({ kind, config }) => kind === 'webhook' && typeof config.path === 'string')
    .map(({ node, config }) => ({
      node,
      config,
      method: typeof config.method === 'string' ? config.method.toUpperCase() : 'POST',
      path: hookPath(String(config.path)),
    }))
    // Everyone locks in the same order, so that nobody waits in a circle.
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  for (const { node, config, method, path } of wanted) {
    // Until the end of the transaction nobody else takes this path, by whatever method.
    await tx.execute(sql`select pg_advisory_xact_lock(${lockClass.webhook}, hashtext(${path}))`)
    const [rival] = await tx
      .select({ method: webhook.method, workspaceId: webhook.workspaceId, flowId: webhook.flowId })
      .from(webhook)
      .where(
        and(
          eq(webhook.path, path),
          method === anyMethod ? undefined : inArray(webhook.method, [method, anyMethod]),
        ),
      )
      .limit(1)
    if (rival) throw taken({ method, path, node }, rival, workspaceId, flowId)
    await tx.insert(webhook).values({ method, path, workspaceId, flowId, node, version, config })
  }
}

/** Answers to every method, so it shares its path with no other. */
const anyMethod = 'ANY'

/** Says whose the path is, if that is the caller's to know. */
function taken(
  { method, path, node }: { method: string; path: string; node: string },
  rival: { method: string; workspaceId: string; flowId: string },
  workspaceId: string,
  flowId: string,
): ConflictError {
  const isOwn = rival.workspaceId === workspaceId
  const owner = !isOwn
    ? 'another workspace'
    : rival.flowId === flowId
      ? 'another of its nodes'
      : `flow ${rival.flowId}`
  return new ConflictError(
    'webhook_taken',
    `${method} /hooks/${path} is answered by ${owner} already${rival.method === method ? '' : `, as ${rival.method}`}. Give node ${node} another path.`,
  )
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

/**
 * Calls with the same key are one run for 24 hours. After that the run gives its key up, so that the next call starts another.
 */
export async function releaseOldKey(
  db: Database,
  workspaceId: string,
  flowId: string,
  idempotencyKey: string,
): Promise<void> {
  await db.drizzle
    .update(run)
    .set({ idempotencyKey: null })
    .where(
      and(
        eq(run.workspaceId, workspaceId),
        eq(run.flowId, flowId),
        eq(run.idempotencyKey, idempotencyKey),
        sql`${run.createdAt} < clock_timestamp() - interval '24 hours'`,
      ),
    )
}

/**
 * Which of these paths are somebody's: answered by a live version anywhere in the installation, or written into a draft of
 * the workspace, in a node of this kind.
 */
export async function listTakenHookPaths(
  db: Database,
  workspaceId: string,
  kind: string,
  paths: readonly string[],
): Promise<Set<string>> {
  const result = await db.pool.query<{ path: string }>(
    `with asked as (select path, trim(both '/' from path) as plain from unnest($3::text[]) path),
     found as (
       select path from webhook where path = any(select plain from asked)
       union all
       select trim(both '/' from node -> 'config' ->> 'path')
       from flow, json_array_elements(flow.document -> 'nodes') node
       where workspace_id = $1 and archived_at is null and node ->> 'kind' = $2
     )
     select asked.path from asked where plain in (select path from found)`,
    [workspaceId, kind, paths],
  )
  return new Set(result.rows.map((row) => row.path))
}
