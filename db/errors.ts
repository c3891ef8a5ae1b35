/** The thing does not exist, or belongs to another workspace: the two are not told apart. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError'
  readonly code = 'not_found'
}

/** The request does not fit what is stored by now; `data` is what is stored, where that helps. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError'
  constructor(
    /** `stale_revision`, `flow_exists`, `already_answered`, … */
    readonly code: string,
    message: string,
    readonly data?: unknown,
  ) {
    super(message)
  }
}
