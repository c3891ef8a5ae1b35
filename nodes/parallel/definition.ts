import { z } from 'zod'
import { defineKind } from '@/flow/kind'
import { namedPorts, portNameProblems, portNameSchema } from '../named-port'
import { counted } from '../summary'

const config = z.strictObject({
  branches: z
    .array(portNameSchema.meta({ label: 'Branch', example: 'record' }))
    .min(1, 'Add at least one branch.')
    .max(100)
    .meta({ label: 'Branches', help: 'One way out for each; all are taken at once.', control: 'list' }),
  limit: z.int().min(1).max(100).optional().meta({
    label: 'At once',
    help: 'How many branches may be at work at the same time. Without it: all.',
    example: '2',
    advanced: true,
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'parallel',
  title: 'Parallel',
  category: 'logic',
  icon: 'git-fork',
  description: 'Takes several branches at the same time.',
  keywords: ['fork', 'fan out', 'together', 'branches', 'concurrent', 'split'],
  config,
  defaults: { branches: ['first', 'second'] },
  ports: (config) => namedPorts(Array.isArray(config.branches) ? config.branches : []),
  summary: (config) =>
    [
      Array.isArray(config.branches) ? counted(config.branches.length, 'branch', 'branches') : '',
      config.limit ? `${config.limit} at once` : '',
    ]
      .filter(Boolean)
      .join(', '),
  effect: 'none',
  branchLimit: (config) => config.limit,
  check: (config, node) => portNameProblems(config.branches, ['error'], node, (index) => ['branches', index]),
})
