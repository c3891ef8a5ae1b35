import { z } from 'zod'
import { expression } from '@/flow/field'
import { defineKind } from '@/flow/kind'
import { namedPorts, portNameProblems, portNameSchema } from '../named-port'
import { shareOf } from './share'

const config = z.strictObject({
  variants: z
    .array(
      z.strictObject({
        port: portNameSchema.meta({
          label: 'Name',
          help: 'The way out of this variant.',
          example: 'new_offer',
        }),
        weight: z.number().min(0).max(1_000_000).meta({
          label: 'Weight',
          help: 'How often, compared with the others: 1 and 3 are a quarter and three quarters.',
          example: '1',
        }),
      }),
    )
    .min(1, 'Add at least one variant.')
    .max(50)
    .meta({ label: 'Variants', help: 'Each run goes by one of them.', control: 'list' }),
  key: expression({
    label: 'Same variant for',
    help: 'Whoever this gives the same value for always goes the same way. Without it each run is drawn by its number.',
    example: 'trigger.customer_id',
  }).optional(),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'split',
  title: 'Split',
  category: 'logic',
  icon: 'shuffle',
  description: 'Sends a share of the runs each way, to compare variants.',
  keywords: ['a/b', 'ab test', 'experiment', 'variant', 'random', 'percent', 'weight', 'canary'],
  config,
  defaults: {
    variants: [
      { port: 'a', weight: 1 },
      { port: 'b', weight: 1 },
    ],
  },
  ports: ({ variants }) => namedPorts(Array.isArray(variants) ? variants.map((each) => each?.port) : []),
  summary: ({ variants }) => (Array.isArray(variants) ? shareOf(variants) : ''),
  effect: 'none',
  check(config, node) {
    const problems = portNameProblems(
      config.variants.map((each) => each.port),
      ['error'],
      node,
      (index) => ['variants', index, 'port'],
    )
    if (config.variants.some((each) => each.weight > 0)) return problems
    const message = 'No variant has a weight above 0, so none could be chosen.'
    const path = ['variants', 0, 'weight']
    return [...problems, { code: 'weight_zero', severity: 'error', node: node.id, path, message }]
  },
})
