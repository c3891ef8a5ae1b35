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

const otherPort = { name: 'other', label: 'none of them' }

const config = z.strictObject({ by: bySchema, labels: choicesSchema('label'), ...choosingFields })
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'classify',
  title: 'Classify',
  category: 'agent',
  icon: 'tags',
  description: 'Puts a text under one of several labels and goes on by it.',
  keywords: ['label', 'category', 'sort', 'intent', 'topic', 'triage', 'route'],
  config,
  defaults: { by: 'model', labels: [{ port: 'first', description: '' }] },
  ports: ({ labels }) => choosingPorts(labels, otherPort),
  summary: ({ labels }) => (Array.isArray(labels) ? counted(labels.length, 'label') : ''),
  effect: choosingEffect,
  check: ({ by, labels }, node) =>
    choiceProblems(by, labels, node, { key: 'labels', otherwise: otherPort.name }),
  outputSchema: () => choosingOutput,
})
