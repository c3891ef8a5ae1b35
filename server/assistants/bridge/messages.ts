import { z } from 'zod'
import type { JsonObject } from '@/flow/json'

/** A function call as a realtime session tells of it. */
export interface HeardCall {
  callId: string
  name: string
  arguments: string
}

/** Tokens of a response, those of speech included. */
export interface HeardUsage {
  inputTokens: number
  outputTokens: number
}

/** What a bridge must know of what happens in a session. */
export type Heard =
  | { kind: 'session'; model: string }
  | { kind: 'response_began' }
  | { kind: 'call'; call: HeardCall }
  /** `goesOn`: it came to its end, so that the results of its calls want a further one. */
  | { kind: 'response_ended'; calls: HeardCall[]; goesOn: boolean; usage: HeardUsage | null }
  | { kind: 'error'; message: string }

const callSchema = z
  .object({ call_id: z.string(), name: z.string(), arguments: z.string().default('') })
  .transform(({ call_id: callId, ...rest }): HeardCall => ({ callId, ...rest }))

const itemSchema = z.object({ type: z.string() })

const messageSchema = z.object({ type: z.string() })
const itemDoneSchema = z.object({ item: z.unknown() })
const responseDoneSchema = z.object({
  response: z.object({ status: z.string().default('completed'), output: z.array(z.unknown()).default([]) }),
})
const usageSchema = z.object({
  response: z.object({
    usage: z
      .object({ input_tokens: z.int().min(0), output_tokens: z.int().min(0) })
      .transform((used): HeardUsage => ({
        inputTokens: used.input_tokens,
        outputTokens: used.output_tokens,
      })),
  }),
})
const sessionSchema = z.object({ session: z.object({ model: z.string().min(1).max(200) }) })
const errorSchema = z.object({ error: z.object({ message: z.string() }) })

/** Reads one message of OpenAI's Realtime API; null: of no concern here, or no message at all. */
export function readMessage(text: string): Heard | null {
  const value = parsed(text)
  const message = messageSchema.safeParse(value)
  if (!message.success) return null
  switch (message.data.type) {
    case 'session.created':
    case 'session.updated': {
      const session = sessionSchema.safeParse(value)
      return session.success ? { kind: 'session', model: session.data.session.model } : null
    }
    case 'response.created':
      return { kind: 'response_began' }
    case 'response.function_call_arguments.done': {
      // Older sessions leave the name out here; then the item, or the end of the response, has it.
      const call = callSchema.safeParse(value)
      return call.success ? { kind: 'call', call: call.data } : null
    }
    case 'response.output_item.done': {
      const item = itemDoneSchema.safeParse(value)
      const call = item.success ? callOf(item.data.item) : null
      return call && { kind: 'call', call }
    }
    case 'response.done': {
      const done = responseDoneSchema.safeParse(value)
      const usage = usageSchema.safeParse(value).data?.response.usage ?? null
      if (!done.success) return { kind: 'response_ended', calls: [], goesOn: true, usage }
      const { status, output } = done.data.response
      const calls = status === 'completed' ? output.map(callOf).filter((call) => call !== null) : []
      return { kind: 'response_ended', calls, goesOn: status === 'completed', usage }
    }
    case 'error': {
      const error = errorSchema.safeParse(value)
      return { kind: 'error', message: error.success ? error.data.error.message : 'It does not say why.' }
    }
    default:
      return null
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function callOf(item: unknown): HeardCall | null {
  const kind = itemSchema.safeParse(item)
  if (!kind.success || kind.data.type !== 'function_call') return null
  const call = callSchema.safeParse(item)
  return call.success ? call.data : null
}

/** Gives the result of a call to the session. */
export const resultMessage = (callId: string, result: JsonObject): JsonObject => ({
  type: 'conversation.item.create',
  item: { type: 'function_call_output', call_id: callId, output: JSON.stringify(result) },
})

/** Lets the model speak about what it was given. */
export const speakMessage: JsonObject = { type: 'response.create' }

/** Changes what may change while a session goes on: its model and voice may not. */
export const updateMessage = ({ instructions, tools, tool_choice }: JsonObject): JsonObject => ({
  type: 'session.update',
  session: {
    type: 'realtime',
    instructions: instructions ?? '',
    tools: tools ?? [],
    tool_choice: tool_choice ?? 'auto',
  },
})
