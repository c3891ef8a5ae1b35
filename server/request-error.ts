import type { FlowDocument } from '@/flow/document'
import type { Problem } from '@/flow/problem'

/** A request that cannot be granted. Mapped once to HTTP (server/http/errors.ts) and once to tRPC (server/trpc/trpc.ts). */
export class RequestError extends Error {
  override readonly name: string = 'RequestError'
  constructor(
    /** HTTP status. */
    readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 422 | 429 | 503,
    /** Stable word, such as `not_allowed`. */
    readonly code: string,
    /** Names the thing and the remedy. */
    message: string,
    readonly options: { details?: unknown; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
  }
}

/** A document that does not parse, or cannot run or be published as it is. */
export class InvalidFlowError extends RequestError {
  override readonly name = 'InvalidFlowError'
  constructor(
    message: string,
    readonly problems: Problem[],
  ) {
    super(422, 'invalid_flow', message, { details: { problems } })
  }
}

/** What is stored now, when a save was made from an older revision. */
export interface Conflict {
  document: FlowDocument
  revision: number
  updatedBy: string | null
}

export class StaleRevisionError extends RequestError {
  override readonly name = 'StaleRevisionError'
  constructor(readonly conflict: Conflict) {
    super(
      409,
      'stale_revision',
      `${conflict.updatedBy ?? 'Someone else'} saved revision ${conflict.revision} since this copy was opened. Look at both before saving again.`,
      { details: conflict },
    )
  }
}
