import { z } from 'zod'
import { text } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  collection: z.string().max(64).min(1, 'Choose the collection to look in.').meta({
    label: 'Collection',
    help: 'The documents that are searched. They are uploaded under Knowledge.',
    example: 'handbook',
    control: 'collection',
  }),
  query: text({
    label: 'Question',
    help: 'What to look for; a whole sentence does.',
    example: '${input.question}',
    control: 'area',
  }).min(1, 'Write what to look for.'),
  topK: z.int().min(1).max(50).default(5).meta({
    label: 'Most passages',
    help: 'How many passages it yields, the best first.',
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'knowledge',
  title: 'Knowledge',
  category: 'agent',
  icon: 'book-open',
  description: 'Finds the passages of your documents that fit a question, and says where they stand.',
  keywords: ['documents', 'search', 'retrieval', 'rag', 'handbook', 'faq', 'passages', 'sources'],
  config,
  defaults: { collection: '', query: '${input}' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.collection),
  effect: 'idempotent',
  outputSchema: () => ({
    type: 'object',
    properties: {
      passages: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            text: { type: 'string' },
            source: { type: 'string' },
            score: { type: 'number' },
          },
        },
      },
      text: { type: 'string' },
      note: { type: 'string' },
    },
  }),
})
