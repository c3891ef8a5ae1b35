import { StepError } from '@/flow/kind'
import { statusError } from '../http-status'
import { defineRun, done } from '../step'
import type { Config } from './definition'
import { payloadOf } from './payload'

/** Of an answer that is only looked at when it tells of an error. */
const answerBytes = 1024 * 1024

export const run = defineRun<Config>({
  async run({ config, idempotencyKey, now, signal, services }) {
    const url = config.url.trim()
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw new StepError(
        'http_url_invalid',
        'The address of the webhook is none: it begins with https:// or http://.',
        { retryable: false },
      )
    }
    const answer = await services.http({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'millrace',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify(payloadOf(config)),
      signal,
      maxBytes: answerBytes,
    })
    if (answer.status >= 400) {
      // The path of such an address is what gives the right to write there.
      throw statusError(`The webhook at ${new URL(url).host}`, answer, now)
    }
    return done({ status: answer.status })
  },
})
