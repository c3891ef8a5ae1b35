import { z } from 'zod'
import { values } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'

const config = z.strictObject({
  values: values({
    label: 'Values',
    help: 'Remembered for the rest of the run; any later step reads them as state.name.',
    example: '${input.total}',
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'set_state',
  title: 'Set state',
  category: 'data',
  icon: 'database',
  description: 'Remembers values under names, for any later step of the run.',
  keywords: ['variable', 'remember', 'store', 'assign', 'save', 'memory'],
  config,
  defaults: { values: {} },
  ports: () => [donePort],
  summary: (config) => Object.keys(config.values ?? {}).join(', '),
  effect: 'none',
})
