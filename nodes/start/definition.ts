import { z } from 'zod'
import { defineKind, donePort } from '@/flow/kind'

const config = z.strictObject({})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'start',
  title: 'Start',
  category: 'trigger',
  icon: 'play',
  description: 'Begins a run when someone presses Run or calls the flow through the API.',
  keywords: ['manual', 'begin', 'trigger', 'api', 'input'],
  config,
  defaults: {},
  ports: () => [donePort],
  summary: () => 'By hand or by API',
  effect: 'none',
  trigger: true,
})
