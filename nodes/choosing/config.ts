import { z } from 'zod'
import { expression, text } from '@/flow/field'
import type { FlowNode } from '@/flow/document'
import type { Effect, Port } from '@/flow/kind'
import type { JsonObject } from '@/flow/json'
import type { Problem } from '@/flow/problem'
import { modelField } from '../model-field'
import { namedPorts, portNameProblems, portNameSchema } from '../named-port'

/** How a text is put under one of several choices. */
export const bySchema = z
  .enum(['model', 'keywords', 'expression'])
  .default('model')
  .meta({
    label: 'Decide by',
    help: 'A language model that reads what belongs where, words that stand in the text, or a condition for each. The last two need no model.',
    options: { model: 'Model', keywords: 'Keywords', expression: 'Conditions' },
  })

/** The ways to choose from; `noun` is what one is called. */
export function choicesSchema(noun: 'route' | 'label') {
  return z
    .array(
      z.strictObject({
        port: portNameSchema.meta({
          label: noun === 'route' ? 'Route' : 'Label',
          help: 'The way out for it.',
          example: 'billing',
        }),
        description: text({
          label: 'What belongs here',
          help: 'A model goes by this.',
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
          help: `The first ${noun} whose condition is true is taken.`,
          example: '$contains(input.subject, "invoice")',
        }).optional(),
      }),
    )
    .min(1, `Add at least one ${noun}.`)
    .max(100)
    .meta({
      label: noun === 'route' ? 'Routes' : 'Labels',
      help: `With keywords the ${noun} with the most of them in the text is taken.`,
      control: 'list',
    })
}

export const choosingFields = {
  model: modelField,
  text: text({
    label: 'Text',
    help: 'What is looked at. Without it: what came in.',
    example: '${input.message}',
    control: 'area',
  }).optional(),
  minConfidence: z.number().min(0).max(1).optional().meta({
    label: 'Least confidence',
    help: 'From 0 to 1. A choice that is less sure than this counts as none of them.',
    example: '0.6',
    advanced: true,
  }),
}

export type Choice = z.output<ReturnType<typeof choicesSchema>>[number]
type By = z.output<typeof bySchema>

/** Only a model is asked over the network. */
export function choosingEffect({ by }: { by?: By }): Effect {
  return by === 'keywords' || by === 'expression' ? 'none' : 'idempotent'
}

/** A port for each choice, and one for none of them. */
export function choosingPorts(choices: unknown, otherwise: Port): Port[] {
  const names = Array.isArray(choices) ? choices.map((each: Choice | null) => each?.port) : []
  return [...namedPorts(names).filter((port) => port.name !== otherwise.name), otherwise]
}

/** What is wrong with choices that stand at `key` in the node's config. */
export function choiceProblems(
  by: By,
  choices: readonly Choice[],
  node: FlowNode,
  { key, otherwise }: { key: string; otherwise: string },
): Problem[] {
  const names = choices.map((each) => each.port)
  const problems = portNameProblems(names, [otherwise, 'error'], node, (index) => [key, index, 'port'])
  choices.forEach((choice, index) => {
    const add = (field: string, message: string) =>
      problems.push({
        ...({ code: 'required', severity: 'error', node: node.id, message } as const),
        path: [key, index, field],
      })
    if (by === 'keywords' && !choice.keywords?.some((word) => word.trim() !== '')) {
      add('keywords', `Nothing could ever be “${choice.port}”. Add a keyword.`)
    }
    if (by === 'expression' && !choice.when?.trim()) {
      add(
        'when',
        `Nothing could ever be “${choice.port}”. Write when it applies, such as input.amount > 100.`,
      )
    }
  })
  return problems
}

export const choosingOutput: JsonObject = {
  type: 'object',
  properties: {
    route: { type: 'string' },
    confidence: { type: 'number' },
    reason: { type: 'string' },
  },
}
