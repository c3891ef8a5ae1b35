import { z } from 'zod'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  source: z.string().min(1, 'Write the code; what it returns is what the step yields.').max(200_000).meta({
    label: 'JavaScript',
    help: 'Has input, steps, state and trigger; what it returns is what the step yields. No network, no files.',
    example: 'return input.lines.filter((line) => line.price > 100)',
    control: 'code',
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'code',
  title: 'Code',
  category: 'data',
  icon: 'code-xml',
  description: 'Runs JavaScript of your own in a sandbox, without network or files.',
  keywords: ['javascript', 'script', 'function', 'js', 'program', 'custom'],
  config,
  defaults: { source: 'return input' },
  ports: () => [donePort],
  // What it does, not what is said about it first.
  summary: (config) => oneLine(String(config.source ?? '').replace(/^(\s*\/\/.*\n)+/, '')),
  // It reaches nothing outside, but it may take seconds: its start is worth recording, its result worth keeping.
  effect: 'idempotent',
})
