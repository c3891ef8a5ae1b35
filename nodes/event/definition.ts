import { z } from 'zod'
import { expression } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'Write the name of the event that begins a run, such as order.created.')
    .max(200)
    .meta({
      label: 'Event',
      help: 'The name that the sender gives the event, by a Send event step or through the API.',
      example: 'order.created',
    }),
  filter: expression({
    label: 'Only when',
    help: 'Events for which this is not true begin no run.',
    example: 'trigger.data.total > 100',
  }).optional(),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'event',
  title: 'Event',
  category: 'trigger',
  icon: 'radio-tower',
  description: 'Begins a run when a named event is sent, by another flow or through the API.',
  keywords: ['trigger', 'signal', 'message', 'listen', 'subscribe', 'pubsub', 'when'],
  config,
  defaults: { name: '' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.name),
  effect: 'none',
  trigger: true,
  outputSchema: () => ({
    type: 'object',
    properties: { name: { type: 'string' }, key: { type: ['string', 'null'] }, data: {} },
  }),
})
