import { z } from 'zod'
import { jsonObjectSchema } from '@/flow/json'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  tool: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'A function name is letters, digits, _ and -, 64 at most.')
    .optional()
    .meta({
      label: 'Function name',
      help: 'What assistants call it. Without it: the flow’s id, or this step’s when the flow has several starts.',
      example: 'verify_identity',
      advanced: true,
    }),
  purpose: z.string().max(1_000).optional().meta({
    label: 'What the function does',
    help: 'From this an assistant knows when to call it. Without it: the description of the flow.',
    example: 'Verifies who the customer is, before anything is told.',
    advanced: true,
  }),
  instruction: z.string().max(20_000).optional().meta({
    label: 'Instruction to assistants',
    help: 'How an assistant should lead the talk while this flow is on.',
    example: 'Verify the customer before you tell a balance. Offer more help at the end.',
    control: 'area',
    advanced: true,
  }),
  takes: jsonObjectSchema.optional().meta({
    label: 'What the function takes',
    help: 'Without it: the input of the flow.',
    control: 'schema',
    advanced: true,
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'start',
  title: 'Start',
  category: 'trigger',
  icon: 'play',
  description: 'Begins a run when someone presses Run or calls the flow through the API.',
  keywords: ['manual', 'begin', 'trigger', 'api', 'input', 'assistant', 'function', 'tool'],
  config,
  defaults: {},
  ports: () => [donePort],
  summary: (config) => (config.tool ? oneLine(config.tool) : 'By hand or by API'),
  effect: 'none',
  trigger: true,
})
