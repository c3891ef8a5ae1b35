import type { Database } from '@/db/client'
import {
  deliverOrKeep,
  findDelivered,
  listEventTriggers,
  matchKeptEvents,
  type EventTrigger,
} from '@/db/outside-events'
import { ExpressionError } from '@/flow/expression/error'
import type { Evaluate } from '@/flow/expression/evaluate'
import { ConflictError, NotFoundError } from '@/db/errors'
import type { Json, JsonObject } from '@/flow/json'
import { isTrue } from '@/nodes/truth'
import type { Logger } from '../log'
import { RequestError } from '../request-error'
import type { Start } from './start'

interface EventDelivery {
  workspaceId: string
  name: string
  /** Only waits for this key get it; without it those that wait for none. */
  key?: string
  data: Json
  /** A second event with the same one is not delivered again. */
  dedupeKey?: string
}

/** Gives how many got the event: steps that waited for it, and runs that it started. */
export type DeliverEvent = (event: EventDelivery) => Promise<{ delivered: number }>

/** One that nobody waits for is kept for `keepMs`, for the first that begins to. */
export function createDelivery(parts: {
  db: Database
  log: Logger
  evaluate: Evaluate
  start: Start
  keepMs: number
}): DeliverEvent {
  const { db, log, evaluate, start, keepMs } = parts

  return async ({ workspaceId, name, key = null, data, dedupeKey = null }) => {
    if (dedupeKey !== null) {
      const before = await findDelivered(db.pool, workspaceId, name, dedupeKey)
      if (before !== null) return { delivered: before }
    }
    let started = 0
    const input = { name, key, data }
    // Runs first: their own keys guard them, when this is tried again after it was cut off.
    for (const trigger of await listEventTriggers(db, workspaceId, name)) {
      if ((await isWanted(trigger, input)) && (await startAt(trigger, input, dedupeKey))) started++
    }
    const event = { name, key, data, dedupeKey }
    const delivered = await deliverOrKeep(db.pool, workspaceId, event, { started, keepMs })
    if (delivered > 0) return { delivered }
    return { delivered: await matchKeptEvents(db.pool, { workspaceId, name, key }) }
  }

  async function isWanted(trigger: EventTrigger, input: JsonObject): Promise<boolean> {
    if (trigger.filter === null) return true
    try {
      return isTrue(await evaluate(trigger.filter, { trigger: input, input }))
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      log.debug(
        { flow: trigger.flowId, node: trigger.node, err: error },
        'The filter of an event trigger failed',
      )
      return false
    }
  }

  async function startAt(
    trigger: EventTrigger,
    input: JsonObject,
    dedupeKey: string | null,
  ): Promise<boolean> {
    const { workspaceId, flowId, node, name } = trigger
    try {
      const { isRepeat } = await start({
        workspaceId,
        flowId,
        version: 'live',
        node,
        input,
        cause: 'event',
        mode: 'queued',
        ...(dedupeKey === null ? {} : { idempotencyKey: `event:${node}:${name}:${dedupeKey}` }),
      })
      return !isRepeat
    } catch (error) {
      // A flow that cannot start now must not keep the event from the others.
      const isRefused = error instanceof RequestError && error.status !== 503
      if (!isRefused && !(error instanceof NotFoundError) && !(error instanceof ConflictError)) throw error
      log.warn({ flow: flowId, node, err: error }, 'An event did not start a run')
      return false
    }
  }
}
