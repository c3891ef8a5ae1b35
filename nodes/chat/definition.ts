import { z } from 'zod'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  greeting: z.string().max(4_000).optional().meta({
    label: 'Greeting',
    help: 'What the chat page says before anyone has written. Markdown.',
    example: 'Hello! What can I do for you?',
    control: 'area',
  }),
  suggestions: z.array(z.string().min(1).max(200)).max(6).optional().meta({
    label: 'Suggestions',
    help: 'First messages that people can pick instead of writing.',
    control: 'list',
  }),
  remember: z
    .enum(['thread', 'user', 'nothing'])
    .default('thread')
    .meta({
      label: 'Remembers',
      help: 'What the shared state of a run begins with: what earlier runs have left in it.',
      options: {
        thread: 'Within a conversation',
        user: 'Of a user, in all conversations',
        nothing: 'Nothing: each run begins anew',
      },
    }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'chat',
  title: 'Chat',
  category: 'trigger',
  icon: 'messages-square',
  description: 'Begins a run when someone writes in a conversation, on the chat page or through the API.',
  keywords: ['conversation', 'message', 'talk', 'bot', 'trigger', 'thread', 'assistant'],
  config,
  defaults: {},
  ports: () => [donePort],
  summary: (config) => oneLine(config.greeting) || 'A message in a conversation',
  effect: 'none',
  trigger: true,
  outputSchema: () => ({
    type: 'object',
    properties: {
      message: { type: 'string' },
      thread: { type: ['string', 'null'] },
      user: { type: ['string', 'null'] },
    },
  }),
})
