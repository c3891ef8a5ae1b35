import { createHash } from 'node:crypto'
import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  async run({ config, idempotencyKey, signal, services }) {
    const { to, cc, subject, body, from, replyTo } = config
    const receipt = await services.mail({
      to,
      subject,
      body,
      ...(cc?.trim() ? { cc } : {}),
      ...(from?.trim() ? { from } : {}),
      ...(replyTo?.trim() ? { replyTo } : {}),
      messageId: messageIdOf(idempotencyKey),
      signal,
    })
    return done({ ...receipt })
  },
})

/** The same for every attempt of a step, so that a mail server which gets two copies can know them as one (RFC 5322, 3.6.4). */
function messageIdOf(idempotencyKey: string): string {
  return `${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32)}@millrace`
}
