export type ExpressionErrorCode =
  'expression_syntax' | 'expression_limit' | 'expression_failed' | 'reference_missing' | 'secret_not_allowed'

/** An expression that cannot be read or has no value. `reason` is JSONata's own code, such as `T2001`, when it gave one. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
  readonly code: ExpressionErrorCode
  readonly reason?: string
  /** 0-based offset in the source, where it is known. */
  readonly at?: number

  constructor(
    code: ExpressionErrorCode,
    message: string,
    options: { reason?: string; at?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.reason = options.reason
    this.at = options.at
  }
}

export function limitError(message: string, reason?: string): ExpressionError {
  return new ExpressionError('expression_limit', message, { reason })
}
