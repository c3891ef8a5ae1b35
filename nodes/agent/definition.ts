import { z } from 'zod'
import { text, value } from '@/flow/field'
import { jsonObjectSchema } from '@/flow/json'
import { defineKind, donePort } from '@/flow/kind'
import { modelField } from '../model-field'
import { oneLine } from '../summary'
import { toolProblems, toolsSchema } from './tools'

const config = z.strictObject({
  model: modelField,
  instructions: text({
    label: 'Instructions',
    help: 'Who the agent is and how it should work.',
    example: 'You assess how likely a customer is to renew. Be brief.',
    control: 'area',
  }),
  prompt: text({
    label: 'Prompt',
    help: 'What it is asked this time. Without it: what came in.',
    example: '${input}',
    control: 'area',
  }).optional(),
  output: jsonObjectSchema.optional().meta({
    label: 'Shape of the answer',
    help: 'With it the agent yields an object of this shape, without it a text.',
    control: 'schema',
  }),
  tools: toolsSchema,
  evaluate: z
    .strictObject({
      instructions: text({
        label: 'What a good answer is',
        help: 'By this a model scores each answer from 0 to 100.',
        example: 'It is complete, correct, and clear to someone who is new to it.',
        control: 'area',
      }).min(1, 'Write what a good answer is.'),
      passScore: z.number().min(0).max(100).default(80).meta({
        label: 'Good enough from',
        help: 'The score, of 100, from which an answer is taken.',
      }),
      retries: z.int().min(0).max(10).default(2).meta({
        label: 'More attempts',
        help: 'How often it may try again, knowing what was criticized. The best answer is kept.',
      }),
      model: text({
        label: 'Model that judges',
        help: 'Without it: the one that answers.',
        example: 'openai/gpt-4o-mini',
        control: 'model',
      }).optional(),
    })
    .optional()
    .meta({ label: 'Evaluation', help: 'Has each answer scored, and tries again until one is good enough.' }),
  memory: z
    .enum(['none', 'thread', 'summary'])
    .default('none')
    .meta({
      label: 'Memory',
      help: 'What it knows of the conversation that the run is part of.',
      options: {
        none: 'Nothing',
        thread: 'The last 20 messages',
        summary: 'The last messages, and a summary of those before',
      },
    }),
  temperature: z.number().min(0).max(2).optional().meta({
    label: 'Temperature',
    help: '0 is steady, 1 is lively. Without it: as the model does.',
    example: '0.2',
    advanced: true,
  }),
  maxTokens: z.int().min(1).max(1_000_000).optional().meta({
    label: 'Longest answer',
    help: 'In tokens, about four letters each.',
    example: '1000',
    advanced: true,
  }),
  maxTurns: z.int().min(1).max(100).default(10).meta({
    label: 'Turns at most',
    help: 'How often it may call tools before it has to have an answer.',
    advanced: true,
  }),
  script: z
    .array(
      z.strictObject({
        when: text({
          label: 'When it is said',
          help: 'Words, commas between, of which one must stand in what was said last. Without them: always.',
          example: 'refund, money back',
          control: 'line',
        }).optional(),
        say: value({
          label: 'Answer',
          help: 'A text, or an object of the shape of the answer.',
          example: 'We have sent your money back.',
          control: 'json',
        }).optional(),
      }),
    )
    .max(100)
    .optional()
    .meta({
      label: 'Scripted answers',
      help: 'What the offline model answers, each once, the first that fits. Other models never see them.',
      control: 'list',
      advanced: true,
    }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'agent',
  title: 'Agent',
  category: 'agent',
  icon: 'bot',
  description:
    'Asks a language model, which may use tools, and yields its answer as text or in a shape you give.',
  keywords: [
    'ai',
    'llm',
    'tools',
    'function calling',
    'gpt',
    'model',
    'prompt',
    'claude',
    'assistant',
    'openai',
    'generate',
  ],
  config,
  defaults: { instructions: '', prompt: '${input}' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.instructions) || oneLine(config.prompt),
  effect: 'idempotent',
  check: (config, node, document) => toolProblems(config.tools ?? [], node, document.id),
  outputSchema: (config) => config.output ?? { type: 'string' },
})
