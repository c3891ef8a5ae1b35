import { z } from 'zod'
import { expression } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  expression: expression({
    label: 'Expression',
    help: 'JSONata. Its value is what the step yields.',
    example: '{ "name": input.first & " " & input.last, "total": $sum(input.lines.price) }',
    control: 'area',
  }).min(1, 'Write the expression that makes the new value.'),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'transform',
  title: 'Transform',
  category: 'data',
  icon: 'braces',
  description: 'Makes a new value of what came before: picks, renames, sums, filters.',
  keywords: ['map', 'jsonata', 'expression', 'reshape', 'convert', 'pick', 'calculate'],
  config,
  defaults: { expression: 'input' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.expression),
  effect: 'none',
})
