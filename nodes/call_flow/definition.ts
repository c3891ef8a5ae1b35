import { z } from 'zod'
import { value } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  flow: z.string().min(1, 'Choose the flow to run.').meta({
    label: 'Flow',
    help: 'The id of another flow of this workspace. It needs a start and a published version.',
    example: 'prepare_offer',
    control: 'flow',
  }),
  input: value({
    label: 'Input',
    help: 'What the flow is started with. Without it: what comes in here.',
    example: '{ "customer": "${input.id}" }',
    control: 'json',
  }).optional(),
  version: z
    .string()
    .regex(/^(live|[1-9]\d*)$/, 'Write live, or the number of a published version.')
    .default('live')
    .meta({ label: 'Version', help: 'live, or the number of a published version.', advanced: true }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'call_flow',
  title: 'Call a flow',
  category: 'logic',
  icon: 'workflow',
  description: 'Runs another flow as a run of its own, waits for it, and yields what it yields.',
  keywords: ['subflow', 'sub-workflow', 'child', 'reuse', 'module', 'execute workflow', 'function'],
  config,
  defaults: { flow: '' },
  ports: () => [donePort],
  summary: (config) =>
    [
      oneLine(config.flow),
      config.version && config.version !== 'live' ? `version ${oneLine(config.version)}` : '',
    ]
      .filter(Boolean)
      .join(', '),
  effect: 'none',
  check: (config, node, document) =>
    config.flow === document.id
      ? [
          {
            code: 'calls_itself',
            severity: 'warning',
            node: node.id,
            path: ['flow'],
            message:
              'This flow calls itself. Make sure that a condition before it ends that: at a depth of 20 runs it fails.',
          },
        ]
      : [],
})
