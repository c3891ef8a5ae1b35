import { and, eq } from 'drizzle-orm'
import type pg from 'pg'
import type { Json } from '@/flow/json'
import type { Database, Executor } from './client'
import { eventTrigger } from './schema/flows'
import type { Trigger } from './triggers'
import { uuidAt } from './uuid'
import { deliverToWaits, nowText, wake } from './waits'

export interface OutsideEvent {
  name: string
  key: string | null
  data: Json
}

export type EventTrigger = typeof eventTrigger.$inferSelect

/** Makes the rows of a flow's event triggers those of its new live version. */
export async function syncEventTriggers(
  tx: Executor,
  workspaceId: string,
  flowId: string,
  version: number,
  triggers: Trigger[],
): Promise<void> {
  await tx
    .delete(eventTrigger)
    .where(and(eq(eventTrigger.workspaceId, workspaceId), eq(eventTrigger.flowId, flowId)))
  for (const { node, kind, config } of triggers) {
    if (kind !== 'event' || typeof config.name !== 'string') continue
    const filter = typeof config.filter === 'string' && config.filter.trim() !== '' ? config.filter : null
    await tx.insert(eventTrigger).values({ workspaceId, flowId, node, version, name: config.name, filter })
  }
}

/** Triggers of live versions that events of this name start. */
export async function listEventTriggers(
  db: Database,
  workspaceId: string,
  name: string,
): Promise<EventTrigger[]> {
  return db.drizzle
    .select()
    .from(eventTrigger)
    .where(and(eq(eventTrigger.workspaceId, workspaceId), eq(eventTrigger.name, name)))
    .orderBy(eventTrigger.flowId, eventTrigger.node)
}

/** To how many an event with this key was delivered before; null when it is new. */
export async function findDelivered(
  pool: pg.Pool,
  workspaceId: string,
  name: string,
  dedupeKey: string,
): Promise<number | null> {
  const result = await pool.query<{ delivered: number }>(
    'select delivered from kept_event where workspace_id = $1 and name = $2 and dedupe_key = $3 and expires_at > clock_timestamp()',
    [workspaceId, name, dedupeKey],
  )
  return result.rows[0]?.delivered ?? null
}

/**
 * Puts an event into the inbox of every step that waits for it. When none does, and no flow was started by it, it is kept
 * for `keepMs`, for the first that will. Gives how many got it; the same again for one whose `dedupeKey` was there before.
 */
export async function deliverOrKeep(
  pool: pg.Pool,
  workspaceId: string,
  event: OutsideEvent & { dedupeKey: string | null },
  options: { started: number; keepMs: number },
): Promise<number> {
  const { started, keepMs } = options
  const client = await pool.connect()
  try {
    await client.query('begin')
    const id = uuidAt(Date.now())
    if (event.dedupeKey !== null) {
      await client.query(
        `delete from kept_event where workspace_id = $1 and name = $2 and dedupe_key = $3 and expires_at <= clock_timestamp()`,
        [workspaceId, event.name, event.dedupeKey],
      )
    }
    // A second event with the same key waits here for the first one's commit.
    const kept = await client.query(
      `insert into kept_event (id, workspace_id, name, key, data, dedupe_key, expires_at)
       values ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7 * interval '1 millisecond')
       on conflict do nothing`,
      [id, workspaceId, event.name, event.key, JSON.stringify(event.data), event.dedupeKey, keepMs],
    )
    if (kept.rowCount === 0) {
      await client.query('rollback')
      return (await findDelivered(pool, workspaceId, event.name, event.dedupeKey ?? '')) ?? 0
    }
    const delivered = started + (await deliverToWaits(client, workspaceId, event))
    if (delivered > 0 && event.dedupeKey === null) {
      await client.query('delete from kept_event where id = $1', [id])
    } else if (delivered > 0) {
      await client.query('update kept_event set delivered = $2, data = null where id = $1', [id, delivered])
    }
    await client.query('commit')
    return delivered
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/**
 * Brings kept events together with steps that wait for them, oldest to oldest, each event to one. Whoever keeps an event
 * and whoever begins to wait asks for this after its commit, so that of two that just missed each other the later one
 * sees both. Gives how many were brought together.
 */
export async function matchKeptEvents(
  pool: pg.Pool,
  only: { workspaceId: string; name: string; key: string | null } | null,
): Promise<number> {
  const result = await pool.query(
    `with events as (
       select id, workspace_id, name, key, data,
              row_number() over (partition by workspace_id, name, key order by id) as nth
       from (
         select * from kept_event where delivered = 0 and expires_at > clock_timestamp()
           and ($1::text is null or (workspace_id = $1 and name = $2 and key is not distinct from $3))
         order by id limit 1000 for update skip locked
       ) as k
     ), waits as (
       select run, step, workspace_id, name, key,
              row_number() over (partition by workspace_id, name, key order by created_at, run, step) as nth
       from wait
       where kind = 'event' and not closed and payload is null and (deadline is null or deadline > clock_timestamp())
         and exists (select from events e where e.workspace_id = wait.workspace_id and e.name = wait.name
                       and e.key is not distinct from wait.key)
     ), delivered as (
       update wait set payload = json_build_object('by', 'event', 'at', ${nowText}, 'data', e.data)
       from waits w join events e on e.workspace_id = w.workspace_id and e.name = w.name
         and e.key is not distinct from w.key and e.nth = w.nth
       where wait.run = w.run and wait.step = w.step and not wait.closed and wait.payload is null
       returning wait.run, e.id
     ), remembered as (
       update kept_event set delivered = 1, data = null from delivered
       where kept_event.id = delivered.id and dedupe_key is not null
     ), consumed as (
       delete from kept_event using delivered where kept_event.id = delivered.id and dedupe_key is null
     )
     ${wake}`,
    [only?.workspaceId ?? null, only?.name ?? null, only?.key ?? null],
  )
  return result.rowCount ?? 0
}

/** Forgets events that nobody came for. */
export async function deleteExpiredEvents(pool: pg.Pool): Promise<number> {
  const result = await pool.query('delete from kept_event where expires_at < clock_timestamp()')
  return result.rowCount ?? 0
}
