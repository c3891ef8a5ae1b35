import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@/db/client'
import { ConflictError } from '@/db/errors'
import { alreadyAnswered, deliverAnswer, getWait, type OpenWait } from '@/db/waits'
import { asText, isObject, type Json, type JsonObject } from '@/flow/json'
import { faultsOf, toldFaults } from '@/flow/json-shape'
import { RequestError } from '../request-error'

export interface AnswerRequest {
  workspaceId: string
  runId: string
  step: string
  answer: Json
  /** Who answers, as `people` of the wait name them: the e-mail address. */
  person?: string
}

/** How long a second person's answer waits for the first one's to be taken in. */
const patienceMs = 5_000
const lookAgainMs = 25

/**
 * Puts an answer where its run will find it; it is safe from then on. Throws NotFoundError, RequestError
 * (`answer_invalid`, `not_asked`, `answer_expired`), and ConflictError `already_answered`.
 */
export async function giveAnswer(db: Database, request: AnswerRequest): Promise<void> {
  const { workspaceId, runId, step, answer, person = null } = request
  for (const endsAt = performance.now() + patienceMs; ; await delay(lookAgainMs)) {
    const wait = await getWait(db, workspaceId, runId, step)
    check(wait, person, answer)
    if (await deliverAnswer(db, workspaceId, { run: runId, step, person, answer })) return
    // Another answer is on its way into the history. It may decide the matter, or this one may count as well.
    if (performance.now() > endsAt) throw alreadyAnswered(step)
  }
}

function check(wait: OpenWait, person: string | null, answer: Json): void {
  if (wait.kind !== 'answer')
    throw new ConflictError('not_asked', `Step ${wait.step} does not wait for an answer.`)
  if (wait.closed && wait.answeredBy.length > 0) throw alreadyAnswered(wait.step)
  if (wait.expired)
    throw new RequestError(
      410,
      'answer_expired',
      `The time to answer step ${wait.step} is over; its run has gone on.`,
    )
  if (wait.closed)
    throw new ConflictError(
      'not_asked',
      `Step ${wait.step} does not wait for an answer any more: its run went on without.`,
    )
  if (wait.answeredBy.includes(person ?? '')) throw alreadyAnswered(wait.step)
  const people = peopleOf(wait.ask)
  if (people.length > 0 && !asksPerson(people, person ?? '')) {
    throw new RequestError(403, 'not_asked', `Only ${people.join(', ')} can answer this.`)
  }
  const choices = Array.isArray(wait.ask?.choices) ? wait.ask.choices : []
  if (choices.length > 0) checkChoice(choices, answer)
  if (isObject(wait.ask?.schema)) checkShape(wait.ask.schema, answer)
}

/** One of the choices, bare or as `{decision, comment?}`. */
function checkChoice(choices: Json[], answer: Json): void {
  const choice = isObject(answer) ? answer.decision : answer
  if (choices.some((one) => one === choice)) return
  throw new RequestError(
    422,
    'answer_invalid',
    `Answer with ${choices.map((one) => JSON.stringify(one)).join(' or ')}, as {"decision": …, "comment": …}.`,
  )
}

function checkShape(schema: JsonObject, answer: Json): void {
  const faults = faultsOf(schema, answer)
  if (faults.length === 0) return
  throw new RequestError(
    422,
    'answer_invalid',
    `The answer does not fit: ${toldFaults(faults, 'the answer')}.`,
    { details: { faults } },
  )
}

/** The people whom a wait asks, as the step names them; none: anyone. */
export function peopleOf(ask: JsonObject | null): string[] {
  return Array.isArray(ask?.people) ? ask.people.map(asText) : []
}

export function asksPerson(people: readonly string[], person: string): boolean {
  return people.some((one) => asKey(one) === asKey(person))
}

function asKey(person: string): string {
  return person.trim().toLowerCase()
}
