import { z } from 'zod'
import { text, value } from '@/flow/field'
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
  status: text({
    label: 'Status of the talk',
    help: 'For whoever leads the conversation: how it stands, in a word.',
    example: 'success',
    advanced: true,
  }).optional(),
  guidance: text({
    label: 'Guidance',
    help: 'For an assistant that called this flow: what it should say or do now.',
    example: 'Tell the balance of ${input.balance}, then ask whether there is anything else.',
    control: 'area',
    advanced: true,
  }).optional(),
  next: text({
    label: 'Next action',
    help: 'For whoever leads the conversation: the name of what should come next.',
    example: 'offer_additional_help',
    advanced: true,
  }).optional(),
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
