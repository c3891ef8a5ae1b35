import { z } from 'zod'
import { text } from '@/flow/field'
import { jsonObjectSchema } from '@/flow/json'
import { defineKind } from '@/flow/kind'
import { talkFields, talkProblems } from '../conversation/config'
import { fieldsOf } from '../conversation/fields'

const config = z.strictObject({
  fields: jsonObjectSchema.meta({
    label: 'What to collect',
    help: 'Required fields are asked for one by one. A description that is a question is how it is asked.',
    control: 'schema',
  }),
  text: text({
    label: 'What was said before',
    help: 'Read first, so that nothing is asked that was said. Without it: what came in.',
    example: '${trigger.message}',
    control: 'area',
  }).optional(),
  about: text({
    label: 'What it is for',
    help: 'From this a model answers what people ask in between.',
    example: 'We open an account. The date of birth is needed by law.',
    control: 'area',
  }).optional(),
  confirm: z.boolean().default(true).meta({
    label: 'Confirm at the end',
    help: 'Shows what was collected and asks whether it is right; what is wrong can be corrected.',
  }),
  maxTurns: z.int().min(1).max(100).default(12).meta({
    label: 'Turns at most',
    help: 'After so many questions the run goes on by gave up.',
  }),
  ...talkFields,
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'collect',
  title: 'Collect',
  category: 'agent',
  icon: 'clipboard-list',
  description:
    'Collects fields in a conversation: asks for what is missing, checks it, and has it confirmed.',
  keywords: ['form', 'fields', 'slots', 'conversation', 'profile', 'intake', 'onboarding', 'extract', 'data'],
  config,
  defaults: {
    fields: { type: 'object', properties: { name: { type: 'string', title: 'Name' } }, required: ['name'] },
  },
  ports: () => [
    { name: 'done', label: 'done' },
    { name: 'gave_up', label: 'gave up' },
  ],
  summary: ({ fields }) =>
    typeof fields === 'object' && fields !== null
      ? fieldsOf(fields)
          .map(({ title }) => title)
          .join(', ')
          .slice(0, 80)
      : '',
  effect: 'idempotent',
  check: talkProblems,
  outputSchema: ({ fields }) => fields,
})
