import { z } from 'zod'
import { text } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { modelField } from '../model-field'
import { connectionField, holdsPassword, passwordMessage } from '../sql-connection'
import { oneLine } from '../summary'

const config = z.strictObject({
  connection: connectionField,
  question: text({
    label: 'Question',
    help: 'What is to be found out, in plain words.',
    example: '${input.question}',
    control: 'area',
  }).min(1, 'Write what is to be found out.'),
  model: modelField,
  allowWrites: z.boolean().default(false).meta({
    label: 'May change the data',
    help: 'Without it the database refuses whatever would change anything. With it the model decides what is changed.',
  }),
  maxRows: z.int().min(1).max(1_000).default(100).meta({
    label: 'Most rows',
    help: 'Rows past these are not fetched.',
    advanced: true,
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'sql_agent',
  title: 'SQL agent',
  category: 'agent',
  icon: 'database-zap',
  description: 'Answers a question from a database: looks at its tables, writes the SQL, and shows it.',
  keywords: ['sql', 'database', 'question', 'report', 'analytics', 'text to sql', 'postgres'],
  config,
  defaults: { connection: '', question: '${input}' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.question),
  effect: (config) => (config.allowWrites === true ? 'once' : 'idempotent'),
  check: (config, node) =>
    holdsPassword(config.connection)
      ? [
          {
            code: 'secret_in_flow',
            severity: 'error',
            node: node.id,
            path: ['connection'],
            message: passwordMessage,
          },
        ]
      : [],
  outputSchema: () => ({
    type: 'object',
    properties: {
      answer: { type: 'string' },
      sql: { type: 'string' },
      rows: { type: 'array', items: { type: 'object' } },
    },
  }),
})
