import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { isObject, jsonObjectSchema, jsonSchema, type JsonObject } from '@/flow/json'
import type { ModelMessage, ModelTool, ToolCall } from '@/nodes/step'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import { explain } from '../explain'
import { countCall } from '../models/count-call'
import { RequestError } from '../request-error'
import { answerTool, withAnswerTool } from './answer-tool'
import { mergedAssistant, userKindSchema } from './assistants'
import { callFunction, type CallTerms } from './calls'
import { createFeed } from './feed'
import { failure } from './result'

const turnSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), text: z.string().min(1).max(100_000) }),
  z.strictObject({
    role: z.literal('assistant'),
    text: z.string().max(200_000),
    calls: z
      .array(
        z.strictObject({ id: z.string().max(200), tool: z.string().max(64), arguments: jsonObjectSchema }),
      )
      .max(100)
      .optional(),
  }),
  z.strictObject({
    role: z.literal('tool'),
    call: z.string().max(200),
    tool: z.string().max(64),
    result: jsonSchema,
  }),
])

/** A conversation that its caller keeps: nothing of it is stored here but the runs. */
export const conversationSchema = z.strictObject({
  turns: z.array(turnSchema).min(1).max(400).meta({
    description:
      'The conversation so far, the user’s newest turn last; what came of earlier requests included.',
  }),
  model: z.string().trim().min(1).max(200).optional().meta({ description: 'Instead of the assistant’s.' }),
  userKind: userKindSchema.optional(),
  thread: z.string().max(200).optional(),
})

export interface CalledFunction {
  /** Of the turn's call. */
  call: string
  /** Null: no run was started. */
  run: string | null
  flow: string | null
  result: JsonObject
}

/** What happens while an assistant answers, in order. */
export type Spoken =
  | { kind: 'text'; chunk: string }
  | { kind: 'calls'; calls: readonly ToolCall[] }
  | ({ kind: 'called' } & CalledFunction)
  /** `turns` are those to be added to the conversation. */
  | { kind: 'end'; turns: ModelMessage[]; model: string; tokens: number }

/** Rounds of calls before an answer; more of them are a model that goes in circles. */
const roundsAtMost = 8
const callWaitMs = 20_000

/**
 * Lets an assistant answer: asks its model, runs the flows that it calls, until it has said something. The flows that
 * are on are looked up anew in each round. Throws NotFoundError, StepError `model_…`, and RequestError `too_many_calls`.
 */
export async function* converse(
  app: App,
  caller: Caller,
  id: string,
  conversation: z.output<typeof conversationSchema>,
  signal: AbortSignal,
): AsyncGenerator<Spoken, void, unknown> {
  const feed = createFeed<Spoken>()
  // A reader who goes away stops the model; runs that were started go on.
  const gone = new AbortController()
  answer(app, caller, id, conversation, AbortSignal.any([signal, gone.signal]), feed.push).then(
    () => feed.end(),
    (error: unknown) => feed.end(error),
  )
  try {
    yield* feed
  } finally {
    gone.abort()
  }
}

async function answer(
  app: App,
  caller: Caller,
  id: string,
  { turns: before, model: wanted, userKind, thread }: z.output<typeof conversationSchema>,
  signal: AbortSignal,
  tell: (spoken: Spoken) => void,
): Promise<void> {
  const { workspaceId } = caller
  const added: ModelMessage[] = []
  const asker = { place: `assistant:${id}`, part: 'talk', pass: randomUUID() } as const
  let tokens = 0
  for (let round = 0; round <= roundsAtMost; round++) {
    const { assistant, merged } = await mergedAssistant(app, workspaceId, id, userKind)
    const model = await app.services(workspaceId).model(wanted ?? assistant.model ?? undefined)
    const turns = [...before, ...added]
    const asked = model.generate({
      system: merged.instruction,
      prompt: turns,
      tools: toolsFor(merged.tools, turns),
      signal,
      onText: (chunk) => tell({ kind: 'text', chunk }),
    })
    const said = await countCall(app.db, workspaceId, asker, round + 1, asked)
    tokens += said.usage.inputTokens + said.usage.outputTokens
    const calls = said.calls ?? []
    added.push({ role: 'assistant', text: said.text, ...(calls.length > 0 ? { calls } : {}) })
    if (calls.length === 0) return tell({ kind: 'end', turns: added, model: model.name, tokens })
    tell({ kind: 'calls', calls })
    const terms = { userKind, thread, waitMs: callWaitMs }
    // All at once, told in the order in which they were asked for.
    const pending = calls.map((call) => tryCall(app, caller, id, call, terms))
    for (const [index, { tool }] of calls.entries()) {
      const called = await pending[index]
      if (!called) continue
      tell({ kind: 'called', ...called })
      added.push({ role: 'tool', call: called.call, tool, result: called.result })
    }
    signal.throwIfAborted()
  }
  throw new RequestError(
    422,
    'too_many_calls',
    `The model called functions ${roundsAtMost + 1} times in a row without saying anything. Tell it in the instruction when it is done.`,
  )
}

/** What goes wrong in a call is told to the model, which tells the person. */
async function tryCall(
  app: App,
  caller: Caller,
  id: string,
  call: ToolCall,
  terms: CallTerms,
): Promise<CalledFunction> {
  try {
    // Ids of models are unique in their conversation only: they are no key for runs.
    const called = await callFunction(app, caller, id, { name: call.tool, arguments: call.arguments }, terms)
    return { call: call.id, ...called }
  } catch (error) {
    const { status, code, message } = explain(error)
    if (status >= 500) app.log.error({ err: error, assistant: id }, 'A function call failed')
    return { call: call.id, run: null, flow: null, result: failure(code, message) }
  }
}

/** With the one that answers, as soon as something was asked. */
function toolsFor(own: readonly ModelTool[], turns: readonly ModelMessage[]): ModelTool[] {
  const tools = own.map(({ name, description, parameters }) => ({ name, description, parameters }))
  const isAsked = turns.some(
    (turn) => turn.role === 'tool' && isObject(turn.result) && turn.result.next_action === answerTool.name,
  )
  return isAsked ? withAnswerTool(tools) : tools
}
