import { z } from 'zod'
import { expression } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  while: expression({
    label: 'While',
    help: 'Asked before each round; it ends when this is not true. `item` is what the round before yielded, at first what came in, and `index` counts the rounds from 0.',
    example: 'index < 3 and item.more',
    inside: true,
  }).optional(),
  until: expression({
    label: 'Until',
    help: 'Asked after each round; it ends when this is true. `item` is what the round yielded.',
    example: 'item.status = "ready"',
    inside: true,
  }).optional(),
  atMost: z.int().min(1).max(1_000).default(100).meta({
    label: 'At most',
    help: 'So many rounds, whatever the questions say.',
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'loop',
  title: 'Loop',
  category: 'logic',
  icon: 'refresh-cw',
  description: 'Runs the steps inside it again and again, while or until something is true.',
  keywords: ['repeat', 'while', 'until', 'again', 'poll', 'iterate', 'rounds'],
  config,
  defaults: { until: '', atMost: 100 },
  ports: () => [donePort],
  summary: (config) =>
    [
      config.while ? `while ${oneLine(config.while)}` : '',
      config.until ? `until ${oneLine(config.until)}` : '',
      config.atMost ? `at most ${String(config.atMost)}` : '',
    ]
      .filter(Boolean)
      .join(', '),
  effect: 'none',
  container: true,
})
