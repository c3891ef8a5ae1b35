import { randomBytes } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { Database } from './client'
import { answerLink } from './schema/answer-links'

export interface AnswerLink {
  person: string
  token: string
  mail: 'sending' | 'sent' | 'failed' | null
  problem: string | null
}

/** The links that were made for people whom a wait asks. */
export async function listAnswerLinks(
  db: Database,
  workspaceId: string,
  wait: string,
): Promise<AnswerLink[]> {
  return db.drizzle
    .select({
      person: answerLink.person,
      token: answerLink.token,
      mail: answerLink.mail,
      problem: answerLink.problem,
    })
    .from(answerLink)
    .where(and(eq(answerLink.workspaceId, workspaceId), eq(answerLink.wait, wait)))
}

/** The one link of this person to this wait; made when there is none. Gives its token. */
export async function personalToken(
  db: Database,
  workspaceId: string,
  of: { run: string; wait: string; person: string },
): Promise<string> {
  const result = await db.pool.query<{ token: string }>(
    `with made as (
       insert into answer_link (workspace_id, run, wait, person, token) values ($1, $2, $3, $4, $5)
       on conflict (wait, person) do nothing returning token
     )
     select token from made
     union all
     select token from answer_link where workspace_id = $1 and wait = $3 and person = $4`,
    [workspaceId, of.run, of.wait, of.person, randomBytes(18).toString('base64url')],
  )
  const row = result.rows[0]
  // Made by somebody else in this very moment.
  return row ? row.token : personalToken(db, workspaceId, of)
}

/** From now on this link's mail is ours to send. False when it was sent, or somebody sends it, or may have. */
export async function claimMail(db: Database, workspaceId: string, token: string): Promise<boolean> {
  const result = await db.pool.query(
    `update answer_link set mail = 'sending', problem = null
     where workspace_id = $1 and token = $2 and mail is null`,
    [workspaceId, token],
  )
  return result.rowCount === 1
}

/** Whoever claimed this mail before has not said what became of it, and may never: it is not sent again. */
export async function doubtMail(
  db: Database,
  workspaceId: string,
  token: string,
  problem: string,
): Promise<void> {
  await db.pool.query(
    `update answer_link set problem = $3
     where workspace_id = $1 and token = $2 and mail = 'sending' and problem is null`,
    [workspaceId, token, problem],
  )
}

/** What became of a mail that was claimed; null lets another try follow. */
export async function noteMail(
  db: Database,
  workspaceId: string,
  token: string,
  outcome: Pick<AnswerLink, 'mail' | 'problem'>,
): Promise<void> {
  await db.drizzle
    .update(answerLink)
    .set(outcome)
    .where(and(eq(answerLink.workspaceId, workspaceId), eq(answerLink.token, token)))
}
