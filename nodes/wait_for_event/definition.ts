import { z } from 'zod'
import { text } from '@/flow/field'
import { defineKind } from '@/flow/kind'
import { durationProblems } from '../duration-problem'
import { oneLine } from '../summary'

const config = z.strictObject({
  name: text({
    label: 'Event',
    help: 'The name that the sender gives the event.',
    example: 'payment.received',
    control: 'line',
  }).min(1, 'Write the name of the event to wait for, such as payment.received.'),
  key: text({
    label: 'Key',
    help: 'Tells this run’s event from those of others. Only an event with the same key is taken.',
    example: '${input.order_id}',
    control: 'line',
  }).optional(),
  timeout: text({
    label: 'Give up after',
    help: 'Then the run goes on by timed out. Without it the run waits for ever.',
    example: 'PT1H',
    control: 'duration',
  }).optional(),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'wait_for_event',
  title: 'Wait for event',
  category: 'time',
  icon: 'radio',
  description: 'Holds the run until a named event arrives. Waiting costs nothing, however long.',
  keywords: ['signal', 'message', 'callback', 'receive', 'listen', 'correlation', 'until'],
  config,
  defaults: { name: '' },
  ports: () => [
    { name: 'received', label: 'received' },
    { name: 'timed_out', label: 'timed out' },
  ],
  summary: (config) => oneLine(config.name),
  effect: 'none',
  check: (config, node) => durationProblems(config.timeout, node, ['timeout']),
})
