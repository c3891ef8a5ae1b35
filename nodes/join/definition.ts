import { z } from 'zod'
import { defineKind, donePort } from '@/flow/kind'

const config = z.strictObject({})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'join',
  title: 'Join',
  category: 'logic',
  icon: 'merge',
  description:
    'Waits for the branches that lead to it and collects their results by the names of their last steps.',
  keywords: ['merge', 'collect', 'wait for all', 'fan in', 'gather', 'combine'],
  config,
  defaults: {},
  ports: () => [donePort],
  summary: () => 'Collects the branches',
  effect: 'none',
  collects: true,
  outputSchema: () => ({ type: 'object' }),
})
