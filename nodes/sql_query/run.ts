import { StepError } from '@/flow/kind'
import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  async run({ config, secret, signal, emit, services }) {
    const { sql, params = [], readOnly, maxRows } = config
    const connection = await addressOf(config.connection.trim(), secret)
    const answer = await services.sql({ connection, sql, params, readOnly, maxRows, signal })
    if (answer.isCapped) emit.log('warn', `There are more than ${maxRows} rows; the others were not fetched.`)
    return done({ rows: answer.rows, rowCount: answer.rowCount })
  },
})

/** The address itself, out of a secret by template, or the name of the secret that holds it. */
async function addressOf(connection: string, secret: (name: string) => Promise<string>): Promise<string> {
  if (connection.includes('://')) return connection
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(connection)) return (await secret(connection)).trim()
  throw new StepError(
    'sql_connection_invalid',
    'The database is given by the name of a secret, such as SHOP_DATABASE.',
    { retryable: false },
  )
}
