import { RequestError } from './request-error'

/** A key says that a request is an earlier one sent again; this one is another. */
export function keyReused(key: string): RequestError {
  return new RequestError(
    422,
    'idempotency_key_reused',
    `The Idempotency-Key ${key} was used for another request within the last day. Give each request a key of its own.`,
  )
}
