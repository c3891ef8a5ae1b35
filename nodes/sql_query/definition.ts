import { z } from 'zod'
import { value } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import type { Problem } from '@/flow/problem'
import { connectionField, holdsPassword, passwordMessage } from '../sql-connection'
import { oneLine } from '../summary'

const config = z.strictObject({
  connection: connectionField,
  sql: z
    .string()
    .max(200_000)
    .min(1, 'Write the statement to run, such as select * from orders where id = $1.')
    .meta({
      label: 'SQL',
      help: 'One statement. $1, $2 … stand for the values below, which is safe whatever they hold.',
      example: 'select * from orders where customer = $1',
      control: 'area',
    }),
  params: z
    .array(value({ label: 'Value', example: '${input.customer_id}' }))
    .max(100)
    .optional()
    .meta({ label: 'Values', help: 'The first one is $1, the second $2, and so on.', control: 'list' }),
  readOnly: z.boolean().default(true).meta({
    label: 'Only reads',
    help: 'The database refuses what would change anything. A step that writes is not run twice after a crash.',
  }),
  maxRows: z.int().min(1).max(100_000).default(1_000).meta({
    label: 'Most rows',
    help: 'Rows past these are not fetched.',
    advanced: true,
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'sql_query',
  title: 'SQL query',
  category: 'action',
  icon: 'database',
  description: 'Runs a statement on a PostgreSQL database and yields its rows.',
  keywords: ['postgres', 'postgresql', 'database', 'select', 'insert', 'table', 'rows', 'db'],
  config,
  defaults: { connection: '', sql: '', readOnly: true },
  ports: () => [donePort],
  summary: (config) => oneLine(config.sql),
  effect: (config) => (config.readOnly === false ? 'once' : 'idempotent'),
  check(config, node) {
    const problems: Problem[] = []
    const add = (code: string, path: string[], message: string) =>
      problems.push({ code, severity: 'error', node: node.id, path, message })
    if (config.sql.includes('${')) {
      add(
        'sql_template',
        ['sql'],
        'Values do not go into the text of a statement, where they could change its meaning. Write $1 and add the value under Values.',
      )
    }
    if (holdsPassword(config.connection)) add('secret_in_flow', ['connection'], passwordMessage)
    return problems
  },
  outputSchema: () => ({
    type: 'object',
    properties: {
      rows: { type: 'array', items: { type: 'object' } },
      rowCount: { type: 'integer' },
    },
  }),
})
