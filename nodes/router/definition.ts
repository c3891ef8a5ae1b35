import { z } from 'zod'
import { defineKind } from '@/flow/kind'
import {
  bySchema,
  choiceProblems,
  choicesSchema,
  choosingEffect,
  choosingFields,
  choosingOutput,
  choosingPorts,
} from '../choosing/config'
import { counted } from '../summary'

const elsePort = { name: 'else', label: 'else' }

const config = z.strictObject({ by: bySchema, routes: choicesSchema('route'), ...choosingFields })
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'router',
  title: 'Router',
  category: 'agent',
  icon: 'signpost',
  description: 'Reads what came in and sends the run to whoever is best for it.',
  keywords: ['route', 'dispatch', 'delegate', 'specialist', 'intent', 'triage', 'agent'],
  config,
  defaults: {
    by: 'model',
    routes: [
      { port: 'first', description: '' },
      { port: 'second', description: '' },
    ],
  },
  ports: ({ routes }) => choosingPorts(routes, elsePort),
  summary: ({ routes }) => (Array.isArray(routes) ? counted(routes.length, 'route') : ''),
  effect: choosingEffect,
  check: ({ by, routes }, node) =>
    choiceProblems(by, routes, node, { key: 'routes', otherwise: elsePort.name }),
  outputSchema: () => choosingOutput,
})
