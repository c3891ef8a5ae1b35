import { z } from 'zod'
import { text, values } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  url: text({
    label: 'Address',
    help: 'The incoming webhook of a channel. Whoever has it can write there, so keep it as a secret.',
    example: '${secrets.SLACK_WEBHOOK}',
    control: 'line',
    secret: true,
  }).min(1, 'Write the address of the webhook that takes the message.'),
  format: z
    .enum(['json', 'slack', 'teams'])
    .default('json')
    .meta({
      label: 'For',
      help: 'How the message is written for its receiver.',
      options: { json: 'Any program, as JSON', slack: 'Slack', teams: 'Microsoft Teams' },
    }),
  text: text({
    label: 'Message',
    help: 'What the channel reads.',
    example: 'Order ${input.order_id} has come in.',
    control: 'area',
  }).min(1, 'Write the message.'),
  data: values({
    label: 'Facts',
    help: 'Shown as a list under the message.',
    example: '${input.total}',
  }).optional(),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'notify',
  title: 'Notify',
  category: 'action',
  icon: 'bell',
  description: 'Writes a message into a Slack or Teams channel, or to any program by webhook.',
  keywords: ['slack', 'teams', 'chat', 'message', 'channel', 'alert', 'webhook'],
  config,
  defaults: { url: '', format: 'slack', text: '' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.text),
  effect: 'once',
  outputSchema: () => ({ type: 'object', properties: { status: { type: 'integer' } } }),
})
