import { z } from 'zod'
import { expression } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  items: expression({
    label: 'Items',
    help: 'The list to go over. One value counts as a list of one, nothing as an empty list.',
    example: 'input.customers[active]',
  }).min(1, 'Write which list to go over, such as input.customers.'),
  atOnce: z.int().min(1).max(100).default(10).meta({
    label: 'At once',
    help: 'How many items may be at work at the same time. With 1 they come one after the other.',
  }),
  onItemError: z
    .enum(['stop', 'skip', 'collect'])
    .default('stop')
    .meta({
      label: 'If an item fails',
      help: 'After its step has had all its attempts.',
      options: {
        stop: 'Stop all items and fail',
        skip: 'Leave it out',
        collect: 'Put the error in its place',
      },
    }),
  mode: z
    .enum(['inline', 'spread'])
    .default('inline')
    .meta({
      label: 'Where',
      help: 'Inline suits up to some thousand steps. Spread gives groups of items to runs of their own, on all workers.',
      options: { inline: 'In this run', spread: 'Spread over workers' },
      advanced: true,
    }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'for_each',
  title: 'For each',
  category: 'logic',
  icon: 'repeat',
  description: 'Runs the steps inside it once for each item of a list, and yields the list of their outputs.',
  keywords: ['loop', 'map', 'iterate', 'list', 'batch', 'items', 'split in batches'],
  config,
  defaults: { items: '' },
  ports: () => [donePort],
  summary: (config) =>
    [oneLine(config.items), config.atOnce ? `${String(config.atOnce)} at once` : '']
      .filter(Boolean)
      .join(', '),
  effect: 'none',
  container: true,
  outputSchema: () => ({ type: 'array' }),
})
