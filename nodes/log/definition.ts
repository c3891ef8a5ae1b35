import { z } from 'zod'
import { text } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  message: text({
    label: 'Message',
    help: 'One line of the log of the server.',
    example: 'Order ${input.number} has come',
    control: 'area',
  }),
  level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .meta({
      label: 'Level',
      help: 'How much it matters; the server may leave out what matters less.',
      options: { debug: 'Detail', info: 'Information', warn: 'Warning', error: 'Error' },
    }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'log',
  title: 'Log',
  category: 'data',
  icon: 'scroll-text',
  description: 'Writes a line to the log of the run and passes on what it was given.',
  keywords: ['print', 'debug', 'trace', 'console', 'note'],
  config,
  defaults: { message: '' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.message),
  effect: 'none',
})
