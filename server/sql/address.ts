import type { ClientConfig } from 'pg'
import { StepError } from '@/flow/kind'

/** Server certificates are checked, unless the address says that they cannot be. */
const encryptions: Record<string, ClientConfig['ssl']> = {
  disable: false,
  'no-verify': { rejectUnauthorized: false },
  require: { rejectUnauthorized: true },
  'verify-ca': { rejectUnauthorized: true },
  'verify-full': { rejectUnauthorized: true },
}

/** How long to try to connect. */
const connectMs = 10_000

/**
 * How to connect to the database of an address. All comes from the address: nothing of this server's own environment or
 * files (PGPASSWORD, .pgpass, sockets, certificates by path) is used for a database that a flow names.
 * Throws StepError `sql_connection_invalid`, which does not repeat the address.
 */
export function connectionOf(address: string): ClientConfig {
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : null
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '') {
    throw invalid('It is written as postgres://user:password@host:5432/database.')
  }
  const user = decoded(url.username)
  if (user === '') throw invalid('It names no user: postgres://user:password@host:5432/database.')
  const mode = url.searchParams.get('sslmode') ?? 'disable'
  const ssl = encryptions[mode]
  if (ssl === undefined) {
    throw invalid(`Its sslmode can be ${Object.keys(encryptions).join(', ')}.`)
  }
  const password = decoded(url.password)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    user,
    // As a function, because an empty text would make the driver look into the environment.
    password: () => password,
    database: decoded(url.pathname.slice(1)) || user,
    ssl,
    application_name: 'millrace',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
  }
}

/** Host and database, which an error may show. */
export function placeOf({ host = '', port = 5432, database = '' }: ClientConfig): string {
  return `${database} at ${host}:${port}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('A % in it has to be written as %25.')
  }
}

function invalid(sentence: string): StepError {
  return new StepError('sql_connection_invalid', `The address of the database cannot be used. ${sentence}`, {
    retryable: false,
  })
}
