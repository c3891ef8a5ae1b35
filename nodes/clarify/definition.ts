import { z } from 'zod'
import { text } from '@/flow/field'
import { jsonObjectSchema } from '@/flow/json'
import { defineKind } from '@/flow/kind'
import { talkFields, talkProblems } from '../conversation/config'
import { oneLine } from '../summary'

const config = z.strictObject({
  about: text({
    label: 'What must be clear',
    help: 'By this a model judges whether the request can be worked on.',
    example: 'What is to be built, for whom, with which features, and by when.',
    control: 'area',
  }).min(1, 'Write what has to be clear.'),
  text: text({
    label: 'Request',
    help: 'What is judged. Without it: what came in.',
    example: '${trigger.message}',
    control: 'area',
  }).optional(),
  fields: jsonObjectSchema.optional().meta({
    label: 'What must be known',
    help: 'With fields the request is clear when the required ones are known; their values are part of the output.',
    control: 'schema',
  }),
  passScore: z.number().min(0).max(100).default(80).meta({
    label: 'Clear from',
    help: 'The score, of 100, from which the request counts as clear.',
  }),
  maxTurns: z.int().min(0).max(50).default(3).meta({
    label: 'Questions at most',
    help: 'After so many the run goes on by gave up.',
  }),
  ...talkFields,
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'clarify',
  title: 'Clarify',
  category: 'agent',
  icon: 'message-circle-warning',
  description: 'Judges whether a request is clear enough, and asks back until it is.',
  keywords: ['ambiguous', 'question', 'requirements', 'unclear', 'ask back', 'conversation', 'details'],
  config,
  defaults: { about: '' },
  ports: () => [
    { name: 'clear', label: 'clear' },
    { name: 'gave_up', label: 'gave up' },
  ],
  summary: (config) => oneLine(config.about),
  effect: 'idempotent',
  check: talkProblems,
  outputSchema: (config) => ({
    type: 'object',
    properties: {
      request: { type: 'string' },
      score: { type: 'number' },
      turns: { type: 'integer' },
      ...(config.fields ? { known: config.fields } : {}),
    },
  }),
})
