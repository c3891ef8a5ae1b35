import { z } from 'zod'
import { isObject, jsonObjectSchema, jsonSchema, type Json, type JsonObject } from '@/flow/json'
import { StepError, type Usage } from '@/flow/kind'
import type { ModelMessage, ModelRequest, StepContext } from '../step'

/** A question to a model, as an act of the step that asks it. */
export interface Question extends Omit<ModelRequest, 'signal' | 'onText'> {
  /** Unique among the acts of the step, and the same each time it is performed: `model#2`. */
  name: string
  /** For people: what it is asked for. */
  title: string
  /** Undefined: the workspace's default model. */
  model: string | undefined
  /** Its text is shown while it is written. */
  isStreamed?: boolean
  /** What the history keeps of the question, when that is less than all. */
  shown?: JsonObject
}

const answerSchema = z.object({
  text: z.string(),
  /** Present when a schema was given and no tool is called: matches it. */
  object: jsonSchema.optional(),
  calls: z
    .array(
      z.object({
        id: z.string(),
        tool: z.string(),
        arguments: jsonObjectSchema,
        signature: z.string().optional(),
      }),
    )
    .optional(),
  /** What keeps the text from having the wanted shape. */
  problem: z.string().optional(),
})
export type Answer = z.output<typeof answerSchema>

/**
 * Asks a model. An answer that has not the wanted shape is repaired once: the model is told what is wrong with it.
 * Throws what the model throws; StepError `model_output_invalid` when the repaired one is wrong too.
 */
export async function askModel(context: StepContext<JsonObject>, question: Question): Promise<Answer> {
  const answer = await askOnce(context, question, true)
  if (answer.problem === undefined) return answer
  const said = `${answer.problem} Answer again with nothing but the JSON that was asked for.`
  return askOnce(
    context,
    {
      ...question,
      name: `${question.name}.repair`,
      title: `${question.title}, repaired`,
      prompt: [
        ...messagesOf(question.prompt),
        { role: 'assistant', text: answer.text === '' ? '(nothing)' : answer.text },
        { role: 'user', text: said },
      ],
      shown: { answer: answer.text, said },
    },
    false,
  )
}

/** A prompt as turns of a conversation. */
function messagesOf(prompt: ModelRequest['prompt']): readonly ModelMessage[] {
  return typeof prompt === 'string' ? [{ role: 'user', text: prompt }] : prompt
}

async function askOnce(
  context: StepContext<JsonObject>,
  { name, title, model, isStreamed = false, shown, ...request }: Question,
  mayBeRepaired: boolean,
): Promise<Answer> {
  const { signal, emit, services } = context
  const input = shown ?? shownOf(request)
  const recorded = await context.act<Json>({ name, kind: 'model', title, input }, async () => {
    const asked = await services.model(model)
    try {
      const { usage, ...answer } = await asked.generate({
        ...request,
        signal,
        ...(isStreamed ? { onText: (chunk: string) => emit.text(chunk) } : {}),
      })
      return { output: answerSchema.parse(answer) as JsonObject, usage }
    } catch (error) {
      const misshapen = mayBeRepaired ? misshapenAnswer(error) : null
      if (!misshapen) throw error
      return misshapen
    }
  })
  return answerSchema.parse(recorded)
}

function shownOf({ system, prompt, tools, schema }: Omit<ModelRequest, 'signal'>): JsonObject {
  return {
    ...(system === '' ? {} : { system }),
    prompt: typeof prompt === 'string' ? prompt : prompt.map(shownTurn),
    ...(tools && tools.length > 0 ? { tools: tools.map((tool) => tool.name) } : {}),
    ...(schema ? { schema } : {}),
  }
}

/** A turn of a conversation, as the history keeps it. */
export function shownTurn(message: ModelMessage): JsonObject {
  if (message.role === 'tool') return { role: 'tool', tool: message.tool, result: message.result }
  const { role, text } = message
  if (role === 'user' || !message.calls) return { role, text }
  return {
    role,
    text,
    calls: message.calls.map(({ tool, arguments: given }) => ({ tool, arguments: given })),
  }
}

/** An answer that came and has not the wanted shape, as the error tells of it. */
function misshapenAnswer(error: unknown): { output: JsonObject; usage?: Usage } | null {
  if (!(error instanceof StepError) || error.code !== 'model_output_invalid') return null
  const details = isObject(error.details) ? error.details : {}
  if (typeof details.answer !== 'string') return null
  return {
    output: { text: details.answer, problem: error.message },
    ...(error.usage ? { usage: error.usage } : {}),
  }
}
