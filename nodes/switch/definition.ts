import { z } from 'zod'
import { expression } from '@/flow/field'
import { defineKind } from '@/flow/kind'
import { namedPorts, portNameProblems, portNameSchema } from '../named-port'
import { counted } from '../summary'

const defaultPort = { name: 'default', label: 'otherwise' }

const config = z.strictObject({
  cases: z
    .array(
      z.strictObject({
        port: portNameSchema.meta({
          label: 'Name',
          help: 'The way out that this case opens.',
          example: 'urgent',
        }),
        when: expression({
          label: 'When',
          help: 'The first case that is true wins; those after it are not asked.',
          example: 'input.priority = "high"',
        }).min(1, 'Write when this case applies, such as input.priority = "high".'),
      }),
    )
    .min(1, 'Add at least one case.')
    .max(100)
    .meta({
      label: 'Cases',
      help: 'Asked from the top; when none is true the flow goes on by otherwise.',
      control: 'list',
    }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'switch',
  title: 'Switch',
  category: 'logic',
  icon: 'list-tree',
  description: 'Goes on by the first of several ways whose case is true.',
  keywords: ['case', 'route', 'branch', 'many', 'choose', 'else', 'decision'],
  config,
  defaults: { cases: [{ port: 'first', when: '' }] },
  ports: (config) => [
    ...namedPorts(Array.isArray(config.cases) ? config.cases.map((each) => each?.port) : []).filter(
      (port) => port.name !== defaultPort.name,
    ),
    defaultPort,
  ],
  summary: (config) => (Array.isArray(config.cases) ? counted(config.cases.length, 'case') : ''),
  effect: 'none',
  check: (config, node) =>
    portNameProblems(
      config.cases.map((each) => each.port),
      ['default', 'error'],
      node,
      (index) => ['cases', index, 'port'],
    ),
})
