import { addressOf } from '../sql-connection'
import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  async run({ config, secret, signal, emit, services }) {
    const { sql, params = [], readOnly, maxRows } = config
    const connection = await addressOf(config.connection, secret)
    const answer = await services.sql({ connection, sql, params, readOnly, maxRows, signal })
    if (answer.isCapped) emit.log('warn', `There are more than ${maxRows} rows; the others were not fetched.`)
    return done({ rows: answer.rows, rowCount: answer.rowCount })
  },
})
