import { isObject, type Json } from '@/flow/json'
import type { Resolution } from '@/flow/kind'
import type { Config } from './definition'

/** One person's answer to an approval. */
export interface Vote {
  decision: 'approved' | 'rejected'
  /** E-mail address, or null when nobody signed in gave it. */
  by: string | null
  comment: string | null
  at: string
}

/**
 * The votes among the resolutions, oldest first: the first of each person, of people who were asked. An answer is
 * `'approved'`, `'rejected'` or `{ decision, comment? }`; anything else is no vote.
 */
export function votesOf(resolutions: readonly Resolution[], people: readonly string[]): Vote[] {
  const asked = new Set(people.map(asKey))
  const seen = new Set<string>()
  const votes: Vote[] = []
  for (const resolution of resolutions) {
    if (resolution.by !== 'answer') continue
    const vote = readVote(resolution.answer)
    const key = asKey(resolution.person ?? '')
    if (!vote || seen.has(key) || (asked.size > 0 && !asked.has(key))) continue
    seen.add(key)
    votes.push({ ...vote, by: resolution.person ?? null, at: resolution.at })
  }
  return votes
}

/** The vote by which the rule is met or can no longer be met; null while it is open. */
export function deciding(votes: readonly Vote[], rule: Config['rule'], peopleCount: number): Vote | null {
  if (rule === 'any') return votes[0] ?? null
  const needed = rule === 'all' ? Math.max(peopleCount, 1) : rule.count
  const refusalsAllowed = peopleCount > 0 ? peopleCount - needed : needed - 1
  let approvals = 0
  let refusals = 0
  for (const vote of votes) {
    if (vote.decision === 'approved') approvals += 1
    else refusals += 1
    if (approvals >= needed || refusals > refusalsAllowed) return vote
  }
  return null
}

function asKey(person: string): string {
  return person.trim().toLowerCase()
}

function readVote(answer: Json): Pick<Vote, 'decision' | 'comment'> | null {
  const decision = isObject(answer) ? answer.decision : answer
  if (decision !== 'approved' && decision !== 'rejected') return null
  const comment = isObject(answer) && typeof answer.comment === 'string' ? answer.comment : null
  return { decision, comment }
}
