import { z } from 'zod'
import { text } from '@/flow/field'
import { defineKind } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  code: text({
    label: 'Code',
    help: 'A stable word for programs.',
    example: 'out_of_stock',
    control: 'line',
  }).min(1, 'Give the failure a code, such as out_of_stock.'),
  message: text({
    label: 'Message',
    help: 'What happened, for people.',
    example: 'There are only ${input.left} left.',
    control: 'area',
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'fail',
  title: 'Fail',
  category: 'logic',
  icon: 'circle-x',
  description: 'Ends the run as failed, with a code and a message. What still runs is cancelled.',
  keywords: ['error', 'abort', 'stop', 'throw', 'end', 'reject'],
  config,
  defaults: { code: 'failed', message: '' },
  ports: () => [],
  summary: (config) => [oneLine(config.code), oneLine(config.message)].filter(Boolean).join(': '),
  effect: 'none',
  terminal: true,
})
