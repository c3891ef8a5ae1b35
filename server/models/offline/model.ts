import { setTimeout as pause } from 'node:timers/promises'
import { asText, type Json, type JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import type { Model, ModelRequest, ToolCall } from '@/nodes/step'
import { answerShape } from '../answer-shape'
import { conversationOf, type Conversation } from './conversation'
import { fillSchema } from './fill'
import { scriptedAnswer } from './script'
import { answerText, label } from './text'
import { chooseTool, toldResults } from './tools'

/** How long an answer takes to write itself out, at most: enough to be seen, too short to be waited for. */
const writingMs = 400
const wordMs = 12
/** Letters a token stands for, roughly, in the models that count them. */
const charsPerToken = 4

/**
 * A model of rules, without any network: so that every flow runs before there is a key, and gives the same answer each time.
 * It picks from what it is given and invents nothing; texts that it words itself begin with "Offline model:".
 */
export const offlineModel: Model = {
  name: 'offline',
  async generate(request) {
    request.signal.throwIfAborted()
    const conversation = conversationOf(request.prompt)
    const read = request.system + conversation.whole
    const answer = answerTo(request, conversation)
    if ('calls' in answer) {
      return { text: '', calls: answer.calls, usage: usage(read, JSON.stringify(answer.calls)) }
    }
    if ('object' in answer) {
      const text = JSON.stringify(answer.object)
      request.onText?.(text)
      return { text, object: answer.object, usage: usage(read, text) }
    }
    const { maxTokens } = request
    const text = answer.text.slice(0, maxTokens ? maxTokens * charsPerToken : undefined)
    await write(text, request.signal, request.onText)
    return { text, usage: usage(read, text) }
  },
}

type Answer = { calls: ToolCall[] } | { object: Json } | { text: string }

function answerTo({ system, schema, script = [], tools = [] }: ModelRequest, heard: Conversation): Answer {
  const scripted = scriptedAnswer(script, heard, tools)
  if (scripted && 'call' in scripted) {
    const { tool, arguments: given = {} } = scripted.call
    return { calls: [{ id: `offline-${heard.calls.length + 1}`, tool, arguments: given }] }
  }
  if (scripted) return schema ? checked(schema, scripted.say, true) : { text: asText(scripted.say) }
  const choice = chooseTool(tools, system, heard)
  if (choice && 'call' in choice) return { calls: [choice.call] }
  if (schema) return checked(schema, fillSchema(schema, system, heard), false)
  const results = toldResults(heard.results, heard.said)
  if (results !== '') return { text: `${label} ${results}` }
  return { text: choice ? `${label} ${choice.lacks}` : answerText(system, heard) }
}

/** Throws StepError `model_output_invalid`. */
function checked(schema: JsonObject, object: Json, isScripted: boolean): Answer {
  const problem = answerShape(schema).problem(object)
  if (!problem) return { object }
  throw new StepError(
    'model_output_invalid',
    isScripted
      ? `The scripted answer has not the wanted shape: ${problem}. Correct the script of the step.`
      : `The offline model cannot fill this shape from the prompt: ${problem}. Loosen the shape, or choose a model with a key.`,
    { details: { answer: JSON.stringify(object).slice(0, 2_000) } },
  )
}

async function write(
  text: string,
  signal: AbortSignal,
  onText: ((chunk: string) => void) | undefined,
): Promise<void> {
  if (!onText) return
  const words = text.match(/\S+\s*/g) ?? []
  const delayMs = Math.min(wordMs, writingMs / Math.max(words.length, 1))
  for (const word of words) {
    await pause(delayMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    onText(word)
  }
}

function usage(given: string, written: string) {
  return {
    inputTokens: Math.ceil(given.length / charsPerToken),
    outputTokens: Math.ceil(written.length / charsPerToken),
    model: 'offline',
  }
}
