import { z } from 'zod'
import { expression, text } from '@/flow/field'
import { defineKind } from '@/flow/kind'
import type { Problem } from '@/flow/problem'
import { namedPorts, portNameProblems, portNameSchema } from '../named-port'
import { counted } from '../summary'

const otherPort = { name: 'other', label: 'none of them' }

const config = z.strictObject({
  by: z
    .enum(['keywords', 'expression'])
    .default('keywords')
    .meta({
      label: 'Decide by',
      help: 'Words that stand in the text, or a condition for each label. Neither needs a model.',
      options: { keywords: 'Keywords', expression: 'Conditions' },
    }),
  labels: z
    .array(
      z.strictObject({
        port: portNameSchema.meta({ label: 'Label', help: 'The way out for it.', example: 'billing' }),
        description: text({
          label: 'What belongs here',
          help: 'For those who read the flow.',
          example: 'Questions about invoices and payments',
          control: 'line',
        }).optional(),
        keywords: z
          .array(text({ label: 'Word', example: 'invoice' }))
          .max(200)
          .optional()
          .meta({
            label: 'Keywords',
            help: 'Whole words or phrases, large and small letters alike. A * at the end stands for any ending.',
            control: 'list',
          }),
        when: expression({
          label: 'When',
          help: 'The first label whose condition is true is taken.',
          example: '$contains(input.subject, "invoice")',
        }).optional(),
      }),
    )
    .min(1, 'Add at least one label.')
    .max(100)
    .meta({
      label: 'Labels',
      help: 'With keywords the label with the most of them in the text is taken.',
      control: 'list',
    }),
  text: text({
    label: 'Text',
    help: 'What is looked at. Without it: what came in.',
    example: '${input.message}',
    control: 'area',
  }).optional(),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'classify',
  title: 'Classify',
  category: 'agent',
  icon: 'tags',
  description: 'Puts a text under one of several labels and goes on by it.',
  keywords: ['label', 'category', 'sort', 'intent', 'topic', 'triage', 'route'],
  config,
  defaults: { by: 'keywords', labels: [{ port: 'first', keywords: [] }] },
  ports: ({ labels }) => [
    ...namedPorts(Array.isArray(labels) ? labels.map((each) => each?.port) : []).filter(
      (port) => port.name !== otherPort.name,
    ),
    otherPort,
  ],
  summary: ({ labels }) => (Array.isArray(labels) ? counted(labels.length, 'label') : ''),
  effect: 'none',
  check(config, node) {
    const names = config.labels.map((each) => each.port)
    const problems = portNameProblems(names, ['other', 'error'], node, (index) => ['labels', index, 'port'])
    config.labels.forEach((label, index) => {
      const add = (key: string, message: string) =>
        problems.push({
          code: 'required',
          severity: 'error',
          node: node.id,
          path: ['labels', index, key],
          message,
        } satisfies Problem)
      if (config.by === 'keywords' && !label.keywords?.some((word) => word.trim() !== '')) {
        add('keywords', `Nothing could ever be “${label.port}”. Add a keyword.`)
      }
      if (config.by === 'expression' && !label.when?.trim()) {
        add(
          'when',
          `Nothing could ever be “${label.port}”. Write when it applies, such as input.amount > 100.`,
        )
      }
    })
    return problems
  },
  outputSchema: () => ({
    type: 'object',
    properties: {
      route: { type: 'string' },
      confidence: { type: 'number' },
      reason: { type: 'string' },
    },
  }),
})
