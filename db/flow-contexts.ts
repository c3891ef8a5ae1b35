import type { JsonObject } from '@/flow/json'
import type { Database } from './client'

/** What a flow remembers for a user or a thread; empty when nothing. */
export async function readFlowContext(
  db: Database,
  workspaceId: string,
  flowId: string,
  subject: string,
): Promise<JsonObject> {
  const result = await db.pool.query<{ state: JsonObject }>({
    name: 'read_flow_context',
    text: 'select state from flow_context where workspace_id = $1 and flow_id = $2 and subject = $3',
    values: [workspaceId, flowId, subject],
  })
  return result.rows[0]?.state ?? {}
}

/** Puts these names over what is remembered; the others stay. */
export async function addToFlowContext(
  db: Database,
  workspaceId: string,
  flowId: string,
  subject: string,
  patch: JsonObject,
): Promise<void> {
  const client = await db.pool.connect()
  try {
    await client.query('begin')
    // The row first, so that two who write at once take turns.
    await client.query(
      `insert into flow_context (workspace_id, flow_id, subject, state) values ($1, $2, $3, '{}')
       on conflict (workspace_id, flow_id, subject) do update set updated_at = clock_timestamp()`,
      [workspaceId, flowId, subject],
    )
    const { rows } = await client.query<{ state: JsonObject }>(
      'select state from flow_context where workspace_id = $1 and flow_id = $2 and subject = $3',
      [workspaceId, flowId, subject],
    )
    await client.query(
      'update flow_context set state = $4 where workspace_id = $1 and flow_id = $2 and subject = $3',
      [workspaceId, flowId, subject, JSON.stringify({ ...rows[0]?.state, ...patch })],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** Of all workspaces: what nobody added to for longer than this. */
export async function deleteOldFlowContexts(db: Database, olderThanMs: number): Promise<number> {
  const result = await db.pool.query(
    `delete from flow_context where updated_at < clock_timestamp() - $1::float8 * interval '1 millisecond'`,
    [olderThanMs],
  )
  return result.rowCount ?? 0
}
