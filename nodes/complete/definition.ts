import { z } from 'zod'
import { value } from '@/flow/field'
import { defineKind } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  output: value({
    label: 'Output',
    help: 'What the run yields. Without it: what came in.',
    example: '{ "ok": true, "total": "${input.total}" }',
    control: 'json',
  }).optional(),
  httpStatus: z
    .int()
    .min(200)
    .max(599)
    .default(200)
    .meta({ label: 'HTTP status', help: 'Of the answer, when a webhook started the run.', advanced: true }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'complete',
  title: 'Complete',
  category: 'logic',
  icon: 'circle-check',
  description: 'Ends the run well, with an output. What still runs is cancelled.',
  keywords: ['end', 'finish', 'return', 'answer', 'respond', 'output', 'stop'],
  config,
  defaults: {},
  ports: () => [],
  summary: (config) => (config.output === undefined ? 'Yields what came in' : oneLine(config.output)),
  effect: 'none',
  terminal: true,
})
