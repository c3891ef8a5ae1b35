import { z } from 'zod'
import { defineKind, donePort } from '@/flow/kind'

const config = z.strictObject({
  cancelLosers: z.boolean().optional().meta({
    label: 'Cancel the rest',
    help: 'When enough have come, steps that lead nowhere else are cancelled.',
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'join',
  title: 'Join',
  category: 'logic',
  icon: 'merge',
  description:
    'Waits for the branches that lead to it and collects their results by the names of their last steps.',
  keywords: ['merge', 'collect', 'wait for all', 'fan in', 'gather', 'combine'],
  config,
  defaults: {},
  ports: () => [donePort],
  summary: () => 'Collects the branches',
  effect: 'none',
  collects: true,
  cancelsLosers: (config) => config.cancelLosers === true,
  check: (config, node) =>
    config.cancelLosers && (node.join === undefined || node.join === 'all')
      ? [
          {
            code: 'no_effect',
            severity: 'warning',
            node: node.id,
            path: ['cancelLosers'],
            message:
              'It waits for all that are alive, so there is nothing left to cancel. Let it wait for one or some, or switch this off.',
          },
        ]
      : [],
  outputSchema: () => ({ type: 'object' }),
})
