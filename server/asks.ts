import type { Database } from '@/db/client'
import { NotFoundError } from '@/db/errors'
import { findWaitByToken, type LinkedWait } from '@/db/waits'
import { asText, isObject, type Json, type JsonObject } from '@/flow/json'
import type { App } from './app'

/** What a run asks, for whoever has the link: nothing of the run but its flow's name. */
export interface Asked {
  flowName: string
  title: string
  message: string | null
  /** JSON Schema of the answer, where it has a shape. */
  schema: JsonObject | null
  choices: string[]
  /** Only these can answer, signed in. Empty: whoever has the link. */
  people: string[]
  /** ISO 8601. */
  deadline: string | null
  status: 'open' | 'answered' | 'over'
}

/** Throws NotFoundError. */
export async function readAsked(db: Database, token: string): Promise<Asked> {
  const wait = await waitOf(db, token)
  const ask = wait.ask ?? {}
  return {
    flowName: wait.flowName,
    title: asText(ask.title ?? ''),
    message: typeof ask.message === 'string' ? ask.message : null,
    schema: isObject(ask.schema) ? ask.schema : null,
    choices: textsOf(ask.choices),
    people: textsOf(ask.people),
    deadline: wait.deadline?.toISOString() ?? null,
    status: statusOf(wait),
  }
}

/** Answers as nobody in particular. Throws what `giveAnswer` throws, and NotFoundError. */
export async function answerByLink(
  app: Pick<App, 'db' | 'runtime'>,
  token: string,
  answer: Json,
): Promise<void> {
  const { workspaceId, run: runId, step } = await waitOf(app.db, token)
  await app.runtime.answer({ workspaceId, runId, step, answer })
}

async function waitOf(db: Database, token: string): Promise<LinkedWait> {
  const wait = await findWaitByToken(db, token)
  if (!wait)
    throw new NotFoundError(
      'Nothing is asked at this link. It was not copied as a whole, or its run is gone.',
    )
  return wait
}

function statusOf({ closed, pending, expired, answeredBy }: LinkedWait): Asked['status'] {
  if (answeredBy.includes('') || (answeredBy.length > 0 && (closed || pending))) return 'answered'
  return closed || expired ? 'over' : 'open'
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(asText) : []
}
