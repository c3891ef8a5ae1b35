import { jsonSchema, Output, streamText, type LanguageModel } from 'ai'
import { StepError, type Usage } from '@/flow/kind'
import type { Model, ModelRequest, ToolCall } from '@/nodes/step'
import { answerShape, type AnswerShape } from './answer-shape'
import { callOf, messagesOf, toolsOf } from './conversation'
import { modelFailure, unavailable } from './failure'

// That a model heeds no temperature is nothing for the log of a server, once for each call.
globalThis.AI_SDK_LOG_WARNINGS = false

/** How long a provider may keep silent, before its first piece and between two: reasoning and loading a model take minutes. */
const silenceMs = 300_000

interface Answered {
  text: string
  calls: ToolCall[]
  usage: Usage
  /** It is whole, but of no use. */
  problem: StepError | null
}

/** A model of a provider, by the AI SDK. Retries are the step's business: the policy of the flow decides, and shows them. */
export function providerModel(
  name: string,
  model: LanguageModel,
  options: {
    silenceMs?: number
    /** The provider's key, which no message may repeat. */
    key?: string
    /** US dollars; without it nobody knows. */
    cost?: (usage: Usage) => number
  } = {},
): Model {
  return {
    name,
    async generate(request) {
      const shape = request.schema ? answerShape(request.schema) : null
      const silence = new AbortController()
      const watch = setTimeout(() => silence.abort(), options.silenceMs ?? silenceMs)
      const signal = AbortSignal.any([request.signal, silence.signal])
      try {
        const answered = await stream(name, model, { ...request, signal }, shape, () => watch.refresh())
        const { text, calls, problem } = answered
        const usage = { ...answered.usage, ...(options.cost ? { cost: options.cost(answered.usage) } : {}) }
        if (problem) throw chargedWith(problem, usage)
        if (calls.length > 0) return { text, calls, usage }
        return { text, usage, ...(shape ? { object: readAt(usage, () => shape.read(text)) } : {}) }
      } catch (error) {
        if (silence.signal.aborted && !request.signal.aborted) throw silent(name, silence.signal)
        throw modelFailure(error, name, request.signal, options.key)
      } finally {
        clearTimeout(watch)
      }
    },
  }
}

/** An answer of no use was paid for all the same. */
function readAt<T>(usage: Usage, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof StepError ? chargedWith(error, usage) : error
  }
}

function chargedWith({ code, message, retryable, details, cause }: StepError, usage: Usage): StepError {
  return new StepError(code, message, { retryable, details, cause, usage })
}

function silent(name: string, { reason }: AbortSignal): StepError {
  return new StepError('model_unavailable', `${name} kept silent for too long.`, {
    retryable: true,
    cause: reason,
  })
}

async function stream(
  name: string,
  model: LanguageModel,
  request: ModelRequest,
  shape: AnswerShape | null,
  onPart: () => void,
): Promise<Answered> {
  request.signal.throwIfAborted()
  const tools = request.tools ?? []
  const result = streamText({
    model,
    system: systemText(request.system, shape),
    messages: messagesOf(request.prompt),
    temperature: request.temperature,
    maxOutputTokens: request.maxTokens,
    abortSignal: request.signal,
    maxRetries: 0,
    // Errors come as parts of the stream; without this the SDK would also print them.
    onError: () => undefined,
    // Strict mode demands schemas that few people write; the answer is checked here in any case.
    // Conversations are kept here, not at the provider's.
    providerOptions: { openai: { strictJsonSchema: false, store: false } },
    // Beside tools the shape is asked for in words alone: Gemini refuses both at once, and servers that hold
    // the answer to a grammar (Ollama, vLLM) would never call a tool.
    ...(tools.length > 0
      ? { tools: toolsOf(tools) }
      : shape
        ? { output: Output.object({ schema: jsonSchema(shape.schema) }) }
        : {}),
  })
  let text = ''
  const calls: ToolCall[] = []
  let problem: StepError | null = null
  for await (const part of result.fullStream) {
    onPart()
    if (part.type === 'text-delta') {
      text += part.text
      request.onText?.(part.text)
    } else if (part.type === 'tool-call') {
      try {
        calls.push(callOf(name, part))
      } catch (error) {
        if (!(error instanceof StepError)) throw error
        problem = error
      }
    } else if (part.type === 'error') {
      throw part.error
    } else if (part.type === 'abort') {
      throw request.signal.reason
    } else if (part.type === 'finish') {
      const { inputTokens = 0, outputTokens = 0 } = part.totalUsage
      const usage = { inputTokens, outputTokens, model: name }
      const mustBeWhole = shape !== null || calls.length > 0
      problem = endingProblem(name, part.finishReason, part.rawFinishReason, mustBeWhole) ?? problem
      return { text, calls, usage, problem }
    }
  }
  throw unavailable(name, new Error('The answer broke off'))
}

/** What is wrong with how the answer ended, or null. */
function endingProblem(
  name: string,
  reason: string,
  raw: string | undefined,
  mustBeWhole: boolean,
): StepError | null {
  if (reason === 'content-filter') {
    return new StepError('model_request_refused', `${name} refuses to answer this.`)
  }
  if (reason === 'length' && mustBeWhole) {
    return new StepError(
      'model_output_invalid',
      'The answer reached its longest length before it was whole. Allow a longer one.',
    )
  }
  if (raw === 'MALFORMED_FUNCTION_CALL') {
    return new StepError('model_output_invalid', `${name} calls a tool in a way that cannot be read.`, {
      retryable: true,
    })
  }
  if (reason === 'error' || (reason === 'other' && raw === undefined)) {
    return unavailable(name, new Error('The answer broke off'))
  }
  return null
}

/** Not every compatible server heeds the schema that is sent beside the prompt: it is said in words too. */
function systemText(instructions: string, shape: AnswerShape | null): string | undefined {
  const wanted =
    shape &&
    `Answer with one JSON object of this JSON Schema, and nothing else:\n${JSON.stringify(shape.schema)}`
  return [instructions, wanted].filter(Boolean).join('\n\n') || undefined
}
