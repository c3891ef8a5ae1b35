import { z } from 'zod'
import { text } from '@/flow/field'
import { isObject, jsonObjectSchema, type JsonObject } from '@/flow/json'
import { defineKind } from '@/flow/kind'
import type { Problem } from '@/flow/problem'
import { durationProblems } from '../duration-problem'
import { oneLine } from '../summary'

const config = z.strictObject({
  question: text({
    label: 'Question',
    help: 'What people read above the form.',
    example: 'What should we offer ${input.name}?',
    control: 'area',
  }).min(1, 'Write what is to be asked.'),
  fields: jsonObjectSchema.optional().meta({
    label: 'Fields of the form',
    help: 'What can be filled in; the answer must fit. Without fields the answer is one text.',
    control: 'schema',
  }),
  channel: z
    .enum(['form', 'chat'])
    .default('form')
    .meta({
      label: 'Asked by',
      help: 'In a conversation the question is the next thing said, and the next message is the answer.',
      options: { form: 'A form', chat: 'A turn of the conversation' },
    }),
  timeout: text({
    label: 'Give up after',
    help: 'Then the run goes on by timed out. Without it the run waits for ever.',
    example: 'P2D',
    control: 'duration',
  }).optional(),
})
export type Config = z.output<typeof config>

/** What is asked for when the node names no fields: one text. */
export const anyText: JsonObject = { type: 'string', minLength: 1, title: 'Answer' }

export const definition = defineKind<Config>({
  kind: 'ask',
  title: 'Ask',
  category: 'people',
  icon: 'message-circle-question',
  description: 'Asks a person by a form or in a conversation, and goes on with what they wrote.',
  keywords: ['form', 'chat', 'conversation', 'question', 'human', 'input', 'person', 'survey', 'answer'],
  config,
  defaults: { question: '' },
  ports: () => [
    { name: 'answered', label: 'answered' },
    { name: 'timed_out', label: 'timed out' },
  ],
  summary: (config) => oneLine(config.question),
  effect: 'none',
  check: (config, node) => [
    ...durationProblems(config.timeout, node, ['timeout']),
    ...[...fieldsMistakes(config.fields), ...chatMistakes(config)].map((message): Problem => ({
      code: 'fields_invalid',
      severity: 'error',
      node: node.id,
      path: ['fields'],
      message,
    })),
  ],
  outputSchema: (config) => config.fields ?? anyText,
})

const types: ReadonlySet<unknown> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
])

/** A message of a conversation is one text. */
function chatMistakes({ channel, fields }: Config): string[] {
  return channel === 'chat' && fields !== undefined
    ? ['A turn of a conversation is answered by one text. Take the fields away, or ask by a form.']
    : []
}

/** What makes a schema one that no form can be made of. */
function fieldsMistakes(fields: Config['fields']): string[] {
  if (fields === undefined) return []
  const { type = 'object', properties = {}, required = [] } = fields
  if (type !== 'object' || !isObject(properties)) {
    return ['A form is an object: write {"type": "object", "properties": {…}}.']
  }
  const wrong = Object.entries(properties).find(
    ([, field]) => !isObject(field) || ![field.type ?? 'string'].flat().every((each) => types.has(each)),
  )
  if (wrong)
    return [`The field "${wrong[0]}" has no type that a form knows, such as string, number or boolean.`]
  const absent = Array.isArray(required)
    ? required.find((name) => !Object.hasOwn(properties, String(name)))
    : 0
  if (absent === undefined) return []
  return Array.isArray(required)
    ? [`The field ${JSON.stringify(absent)} is required, but it is not among the fields.`]
    : ['"required" is a list of names of fields.']
}
