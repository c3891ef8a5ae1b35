import { z } from 'zod'
import { claimMail, doubtMail, noteMail, personalToken } from '@/db/answer-links'
import type { Database } from '@/db/client'
import { sha256 } from '@/db/hash'
import { findWaitByToken, type LinkedWait } from '@/db/waits'
import { asText } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { interruptedCode } from '@/flow/retry'
import type { LentServices } from '@/nodes/step'
import { asksPerson, peopleOf } from './answers'

const payloadSchema = z.object({ wait: z.string() })
const patienceMs = 30_000
const unknown = 'Nobody knows whether the mail server took it, so it is not sent again.'

/**
 * Mails each of the people whom a step asks a link of their own. Like an e-mail step: one mail for each person and wait, which
 * is not sent again when nobody knows whether it was taken. Tried again when the mail server cannot take it now.
 */
export function answerLinkTasks(parts: {
  db: Database
  services: (workspaceId: string) => LentServices
  /** Where people open this installation. */
  publicUrl?: string
}) {
  const { db, publicUrl } = parts

  async function mailTo(person: string, wait: LinkedWait): Promise<void> {
    const { workspaceId, run, token: of } = wait
    const token = await personalToken(db, workspaceId, { run, wait: of, person })
    if (!(await claimMail(db, workspaceId, token))) return doubtMail(db, workspaceId, token, unknown)
    try {
      await parts.services(workspaceId).mail({
        to: person,
        ...letterOf(wait, `${publicUrl ?? ''}/answer/${token}`),
        messageId: `${sha256(token).slice(0, 32)}@millrace`,
        signal: AbortSignal.timeout(patienceMs),
      })
    } catch (thrown) {
      const isKnown = thrown instanceof StepError
      const problem = thrown instanceof Error ? thrown.message : String(thrown)
      // Nobody knows whether it was taken: it stays as one that may have been.
      if (!isKnown || thrown.code === interruptedCode)
        return noteMail(db, workspaceId, token, { mail: 'sending', problem })
      const isPassing = thrown.retryable
      await noteMail(db, workspaceId, token, { mail: isPassing ? null : 'failed', problem })
      if (isPassing) throw thrown
      return
    }
    await noteMail(db, workspaceId, token, { mail: 'sent', problem: null })
  }

  return {
    async mail_answer_links(payload: unknown): Promise<void> {
      const wait = await findWaitByToken(db, payloadSchema.parse(payload).wait)
      // Nobody asks any more.
      if (!wait || wait.closed || wait.expired) return
      let trouble: unknown = null
      for (const person of peopleOf(wait.ask)) {
        if (wait.answeredBy.some((one) => asksPerson([person], one))) continue
        await mailTo(person, wait).catch((error: unknown) => (trouble ??= error))
      }
      if (trouble !== null) throw trouble
    },
  }
}

function letterOf({ flowName, ask, deadline }: LinkedWait, url: string): { subject: string; body: string } {
  const title = asText(ask?.title).replace(/\s+/g, ' ').trim() || 'A question'
  const until = deadline ? `\n\nUntil ${deadline.toISOString().slice(0, 16).replace('T', ' ')} UTC.` : ''
  const message = typeof ask?.message === 'string' ? `${ask.message}\n\n` : ''
  return {
    subject: title,
    // Begins with words, so that nothing in it makes it HTML.
    body: `${flowName} asks: ${title}\n\n${message}Answer here:\n${url}${until}\n\nThe link is yours alone: whoever has it answers as you.`,
  }
}
