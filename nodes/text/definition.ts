import { z } from 'zod'
import { text } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  text: text({
    label: 'Text',
    help: 'What stands in ${…} is replaced by its value.',
    example: 'Dear ${input.name}, your order ${input.number} is on its way.',
    control: 'area',
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'text',
  title: 'Text',
  category: 'data',
  icon: 'type',
  description: 'Writes a text with values filled in: a letter, a message, a prompt.',
  keywords: ['template', 'message', 'letter', 'string', 'compose', 'format'],
  config,
  defaults: { text: '' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.text),
  effect: 'none',
  outputSchema: () => ({ type: 'string' }),
})
