import { jsonSchema, Output, streamText, type LanguageModel, type ModelMessage as AiMessage } from 'ai'
import { StepError, type Usage } from '@/flow/kind'
import type { Model, ModelRequest } from '@/nodes/step'
import { answerShape, type AnswerShape } from './answer-shape'
import { modelFailure, unavailable } from './failure'

/** A model of a provider, by the AI SDK. Retries are the step's business: the policy of the flow decides, and shows them. */
export function providerModel(name: string, model: LanguageModel): Model {
  return {
    name,
    async generate(request) {
      const shape = request.schema ? answerShape(request.schema) : null
      try {
        const { text, usage } = await stream(name, model, request, shape)
        return { text, usage, ...(shape ? { object: shape.read(text) } : {}) }
      } catch (error) {
        throw modelFailure(error, name, request.signal)
      }
    },
  }
}

async function stream(
  name: string,
  model: LanguageModel,
  request: ModelRequest,
  shape: AnswerShape | null,
): Promise<{ text: string; usage: Usage }> {
  request.signal.throwIfAborted()
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
    providerOptions: { openai: { strictJsonSchema: false } },
    ...(shape ? { output: Output.object({ schema: jsonSchema(shape.schema) }) } : {}),
  })
  let text = ''
  for await (const part of result.fullStream) {
    if (part.type === 'text-delta') {
      text += part.text
      request.onText?.(part.text)
    } else if (part.type === 'error') {
      throw part.error
    } else if (part.type === 'abort') {
      throw request.signal.reason
    } else if (part.type === 'finish') {
      checkEnding(name, part.finishReason, part.rawFinishReason, shape)
      const { inputTokens = 0, outputTokens = 0 } = part.totalUsage
      return { text, usage: { inputTokens, outputTokens, model: name } }
    }
  }
  throw unavailable(name, new Error('The answer broke off'))
}

/** As the AI SDK takes them. A model that is asked nothing refuses. */
function messagesOf(prompt: ModelRequest['prompt']): AiMessage[] {
  if (typeof prompt === 'string') {
    return [{ role: 'user', content: prompt.trim() === '' ? 'Begin.' : prompt }]
  }
  return prompt.map((message): AiMessage => {
    switch (message.role) {
      case 'user':
        return { role: 'user', content: message.text }
      case 'assistant': {
        const calls = (message.calls ?? []).map((call) => ({
          type: 'tool-call' as const,
          toolCallId: call.id,
          toolName: call.tool,
          input: call.arguments,
        }))
        const said = message.text === '' ? [] : [{ type: 'text' as const, text: message.text }]
        return { role: 'assistant', content: [...said, ...calls] }
      }
      case 'tool': {
        const output = { type: 'json' as const, value: message.result }
        const result = {
          type: 'tool-result' as const,
          toolCallId: message.call,
          toolName: message.tool,
          output,
        }
        return { role: 'tool', content: [result] }
      }
    }
  })
}

function checkEnding(name: string, reason: string, raw: string | undefined, shape: AnswerShape | null): void {
  if (reason === 'content-filter') {
    throw new StepError('model_request_refused', `${name} refuses to answer this.`)
  }
  if (reason === 'length' && shape) {
    throw new StepError(
      'model_output_invalid',
      'The answer reached its longest length before it was whole. Allow a longer one.',
    )
  }
  if (reason === 'error' || (reason === 'other' && raw === undefined)) {
    throw unavailable(name, new Error('The answer broke off'))
  }
}

/** Not every compatible server heeds the schema that is sent beside the prompt: it is said in words too. */
function systemText(instructions: string, shape: AnswerShape | null): string | undefined {
  const wanted =
    shape &&
    `Answer with one JSON object of this JSON Schema, and nothing else:\n${JSON.stringify(shape.schema)}`
  return [instructions, wanted].filter(Boolean).join('\n\n') || undefined
}
