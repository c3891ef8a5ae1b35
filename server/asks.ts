import { listAnswerLinks, personalToken, type AnswerLink } from '@/db/answer-links'
import { addAuditEntry } from '@/db/audit'
import type { Database } from '@/db/client'
import { ConflictError, NotFoundError } from '@/db/errors'
import { findWaitByToken, getWait, type LinkedWait } from '@/db/waits'
import { asText, isObject, type Json, type JsonObject } from '@/flow/json'
import type { App } from './app'
import type { Caller } from './auth/caller'
import { asksPerson, peopleOf } from './runtime/answers'

/** What a run asks, for whoever has the link: nothing of the run but its flow's name. */
export interface Asked {
  flowName: string
  title: string
  message: string | null
  /** JSON Schema of the answer, where it has a shape. */
  schema: JsonObject | null
  choices: string[]
  /** Only these can answer, signed in or each by a link of their own. Empty: whoever has the link. */
  people: string[]
  /** As whom the link answers; null: as nobody in particular. */
  person: string | null
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
    people: peopleOf(ask),
    person: wait.person,
    deadline: wait.deadline?.toISOString() ?? null,
    status: statusOf(wait),
  }
}

/** Answers as the person whose link it is, else as nobody in particular. Throws what `giveAnswer` throws, and NotFoundError. */
export async function answerByLink(
  app: Pick<App, 'db' | 'runtime'>,
  token: string,
  answer: Json,
): Promise<void> {
  const { workspaceId, run: runId, step, person } = await waitOf(app.db, token)
  await app.runtime.answer({ workspaceId, runId, step, answer, ...(person === null ? {} : { person }) })
}

/** One of the people whom a step asks, and what became of the link that is theirs. */
export interface AskedPerson {
  person: string
  hasAnswered: boolean
  /** Of the mail with the link. `sending` for long: nobody knows whether it was taken. */
  mail: AnswerLink['mail']
  problem: string | null
}

interface AskingStep {
  run: string
  step: string
}

/** Whom a waiting step asks by name; nobody when anyone may answer. Throws NotFoundError. */
export async function listAskedPeople(
  db: Database,
  workspaceId: string,
  { run, step }: AskingStep,
): Promise<AskedPerson[]> {
  const wait = await getWait(db, workspaceId, run, step)
  const links = await listAnswerLinks(db, workspaceId, wait.token)
  return peopleOf(wait.ask).map((person) => {
    const { mail = null, problem = null } = links.find((link) => link.person === person) ?? {}
    return { person, hasAnswered: wait.answeredBy.some((one) => asksPerson([person], one)), mail, problem }
  })
}

/**
 * The link by which one of the people whom a step asks answers as that person: it is written down who asked for it. Throws
 * NotFoundError, also for a person who is not asked, and ConflictError `not_asked`.
 */
export async function createPersonalLink(
  db: Database,
  { workspaceId, user }: Pick<Caller, 'workspaceId' | 'user'>,
  { run, step, person }: AskingStep & { person: string },
  baseUrl: string,
): Promise<{ url: string }> {
  const wait = await getWait(db, workspaceId, run, step)
  const asked = peopleOf(wait.ask).find((one) => asksPerson([one], person))
  if (asked === undefined) throw new NotFoundError(`Step ${step} of run ${run} does not ask ${person}.`)
  if (wait.closed) throw new ConflictError('not_asked', `Step ${step} does not wait for an answer any more.`)
  const token = await personalToken(db, workspaceId, { run, wait: wait.token, person: asked })
  await addAuditEntry(db, workspaceId, {
    person: user.id,
    action: 'answer_link.copied',
    subject: run,
    details: { step, person: asked },
  })
  return { url: `${baseUrl}/answer/${token}` }
}

async function waitOf(db: Database, token: string): Promise<LinkedWait> {
  const wait = await findWaitByToken(db, token)
  if (!wait)
    throw new NotFoundError(
      'Nothing is asked at this link. It was not copied as a whole, or its run is gone.',
    )
  return wait
}

function statusOf({ closed, pending, expired, answeredBy, person }: LinkedWait): Asked['status'] {
  if (person !== null) {
    if (closed && answeredBy.length > 0) return 'answered'
    if (answeredBy.some((one) => asksPerson([person], one))) return 'answered'
    return closed || expired ? 'over' : 'open'
  }
  if (answeredBy.includes('') || (answeredBy.length > 0 && (closed || pending))) return 'answered'
  return closed || expired ? 'over' : 'open'
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(asText) : []
}
