import { z } from 'zod'
import { expression } from '@/flow/field'
import { defineKind } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  expression: expression({
    label: 'Question',
    help: 'Goes on by yes when this is true, else by no. Empty text, 0, null and empty lists count as false.',
    example: 'input.total > 100 and input.country = "CZ"',
  }).min(1, 'Write the question to decide, such as input.total > 100.'),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'condition',
  title: 'Condition',
  category: 'logic',
  icon: 'split',
  description: 'Asks a yes-or-no question of the data and goes on by one of two ways.',
  keywords: ['if', 'else', 'branch', 'decision', 'yes', 'no', 'filter'],
  config,
  defaults: { expression: '' },
  ports: () => [
    { name: 'true', label: 'yes' },
    { name: 'false', label: 'no' },
  ],
  summary: (config) => oneLine(config.expression),
  effect: 'none',
})
