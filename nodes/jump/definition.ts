import { z } from 'zod'
import { defineKind } from '@/flow/kind'

const config = z.strictObject({
  to: z.string().min(1, 'Choose the step to go on with.').meta({
    label: 'To',
    help: 'This step and all that follow it run again, as a new round.',
    example: 'draft',
    control: 'node',
  }),
  atMost: z.int().min(1).max(1_000).default(10).meta({
    label: 'At most',
    help: 'So many times. After that it goes on by its way out; without one, it fails.',
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'jump',
  title: 'Jump',
  category: 'logic',
  icon: 'corner-up-left',
  description: 'Goes back to an earlier step, or on to another, and runs from there again.',
  keywords: ['goto', 'back', 'retry', 'again', 'repeat', 'loop', 'cycle'],
  config,
  defaults: { to: '', atMost: 10 },
  ports: () => [{ name: 'exceeded', label: 'no more' }],
  summary: (config) =>
    [config.to ? `to ${String(config.to)}` : '', config.atMost ? `at most ${String(config.atMost)}` : '']
      .filter(Boolean)
      .join(', '),
  effect: 'none',
})
