import { z } from 'zod'
import type { JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { interruptedCode } from '@/flow/retry'

/** What nodemailer says beside the message. */
const refusalSchema = z
  .object({
    code: z.string().optional(),
    responseCode: z.int().optional(),
    response: z.string().optional(),
    command: z.string().optional(),
  })
  .catch({})

/**
 * What an error of the conversation with the mail server means. `isHandedOver`: the message had gone out when it happened,
 * so that without an answer nobody knows whether it was taken.
 */
export function mailFailure(error: unknown, place: string, isHandedOver: boolean): StepError {
  const { code, responseCode, response = '', command } = refusalSchema.parse(error)
  const message = error instanceof Error ? error.message : String(error)
  const details: JsonObject = {
    ...(responseCode === undefined ? {} : { status: responseCode }),
    ...(command === undefined ? {} : { command }),
  }
  const fail = (as: string, text: string, retryable: boolean) =>
    new StepError(as, text, { retryable, details, cause: error })

  if (code === 'EAUTH') {
    return fail(
      'mail_auth',
      `The mail server ${place} does not let this user in: ${response || message}`,
      false,
    )
  }
  if (responseCode !== undefined) {
    return responseCode >= 500
      ? fail('mail_refused', `The mail server ${place} refused the message: ${response}`, false)
      : fail('mail_deferred', `The mail server ${place} cannot take the message now: ${response}`, true)
  }
  if (code === 'ETLS' || /certificate|\b(TLS|SSL)\b/i.test(message)) {
    return fail('mail_tls', `No safe connection to the mail server ${place} could be made: ${message}`, false)
  }
  if (isHandedOver) {
    return fail(
      interruptedCode,
      `The mail server ${place} went away before it said whether it took the message, so nobody knows whether it was sent. Look, then continue the run.`,
      false,
    )
  }
  return fail('mail_unreachable', `The mail server ${place} cannot be reached: ${message}`, true)
}
