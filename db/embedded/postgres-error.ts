export type PostgresErrorCode =
  /** No PostgreSQL for this system is installed, or it does not run here. */
  | 'postgres_unsupported'
  /** The account that must run PostgreSQL cannot reach its files. */
  | 'postgres_unreachable'
  /** PostgreSQL was there and did not come up; the message quotes what it said. */
  | 'postgres_failed'

/** Why the embedded PostgreSQL could not be had; the message is one sentence with the remedy. */
export class PostgresError extends Error {
  override name = 'PostgresError'

  constructor(
    readonly code: PostgresErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
