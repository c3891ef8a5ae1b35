import { z } from 'zod'
import { jsonSchema, type JsonObject } from '@/flow/json'
import type { ModelTool } from '@/nodes/step'

/** The function by which a model answers what a run asks that it has called. Offered while something is asked. */
export const answerTool: ModelTool = {
  name: 'answer_question',
  description:
    'Gives the person’s answer to the question that a function asked with the status "waiting". Ask the person first; never make an answer up.',
  parameters: {
    type: 'object',
    properties: {
      run: { type: 'string', description: 'As the result that asked has it.' },
      step: { type: 'string', description: 'As the result that asked has it.' },
      answer: {
        description: 'What the person said; of the shape of answer_schema where there is one.',
      },
    },
    required: ['run', 'step', 'answer'],
  },
}

const argumentsSchema = z.object({ run: z.string().max(64), step: z.string().max(500), answer: jsonSchema })

/** Null: the arguments do not fit. */
export function readAnswer(given: JsonObject): z.output<typeof argumentsSchema> | null {
  const parsed = argumentsSchema.safeParse(given)
  return parsed.success ? parsed.data : null
}

/** With the function that answers, unless one of that name is there. */
export function withAnswerTool<T extends ModelTool>(tools: readonly T[]): (T | ModelTool)[] {
  return tools.some(({ name }) => name === answerTool.name) ? [...tools] : [...tools, answerTool]
}
