import { z } from 'zod'
import { text, value } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  name: text({
    label: 'Event',
    help: 'Runs that wait for this name get it, and flows that it triggers begin.',
    example: 'payment.received',
    control: 'line',
  }).min(1, 'Write the name of the event to send, such as payment.received.'),
  key: text({
    label: 'Key',
    help: 'Only runs that wait with the same key get it.',
    example: '${input.order_id}',
    control: 'line',
  }).optional(),
  data: value({
    label: 'Data',
    help: 'What the receivers get. Without it: what came in.',
    example: '{ "amount": "${input.amount}" }',
    control: 'json',
  }).optional(),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'send_event',
  title: 'Send event',
  category: 'action',
  icon: 'megaphone',
  description: 'Sends a named event to the runs that wait for it and the flows that it starts.',
  keywords: ['signal', 'publish', 'emit', 'message', 'notify', 'broadcast', 'correlate'],
  config,
  defaults: { name: '' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.name),
  effect: 'idempotent',
  outputSchema: () => ({ type: 'object', properties: { delivered: { type: 'integer' } } }),
})
