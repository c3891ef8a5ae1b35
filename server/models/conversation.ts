import { jsonSchema, tool, type ModelMessage as AiMessage, type ToolSet } from 'ai'
import { jsonObjectSchema } from '@/flow/json'
import { StepError } from '@/flow/kind'
import type { ModelMessage, ModelRequest, ModelTool, ToolCall } from '@/nodes/step'

/** Without functions: the SDK hands the calls over and ends its turn. */
export function toolsOf(tools: readonly ModelTool[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, parameters }) => [
      name,
      tool({ description, inputSchema: jsonSchema(parameters) }),
    ]),
  )
}

/** As the AI SDK takes them. A model that is asked nothing refuses. */
export function messagesOf(prompt: ModelRequest['prompt']): AiMessage[] {
  if (typeof prompt === 'string') {
    return [{ role: 'user', content: prompt.trim() === '' ? 'Begin.' : prompt }]
  }
  const messages: AiMessage[] = []
  for (const message of prompt) {
    const last = messages.at(-1)
    // Gemini and Anthropic want the answers to the calls of one turn together.
    if (message.role === 'tool' && last?.role === 'tool') last.content.push(resultOf(message))
    else messages.push(messageOf(message))
  }
  return messages
}

function messageOf(message: ModelMessage): AiMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.text }
    case 'assistant': {
      const calls = (message.calls ?? []).map((call) => ({
        type: 'tool-call' as const,
        toolCallId: call.id,
        toolName: call.tool,
        input: call.arguments,
        ...(call.signature ? { providerOptions: { google: { thoughtSignature: call.signature } } } : {}),
      }))
      const said = message.text === '' ? [] : [{ type: 'text' as const, text: message.text }]
      return { role: 'assistant', content: [...said, ...calls] }
    }
    case 'tool':
      return { role: 'tool', content: [resultOf(message)] }
  }
}

function resultOf({ call, tool, result }: Extract<ModelMessage, { role: 'tool' }>) {
  return {
    type: 'tool-result' as const,
    toolCallId: call,
    toolName: tool,
    output: { type: 'json' as const, value: result },
  }
}

interface CallPart {
  toolCallId: string
  toolName: string
  input: unknown
  providerMetadata?: Record<string, Record<string, unknown>>
}

/**
 * A call as the model wants it, be there such a tool or not: whoever has the tools answers that.
 * Throws StepError `model_output_invalid` when the arguments are no JSON object.
 */
export function callOf(model: string, part: CallPart): ToolCall {
  const { toolCallId, toolName, input, providerMetadata } = part
  const args = jsonObjectSchema.safeParse(input === null || input === '' ? {} : input)
  if (!args.success) {
    throw new StepError(
      'model_output_invalid',
      `${model} calls ${toolName} with arguments that are no JSON object.`,
      { retryable: true, details: { arguments: String(input).slice(0, 2_000) } },
    )
  }
  const signature = providerMetadata?.google?.thoughtSignature
  return {
    id: toolCallId,
    tool: toolName,
    arguments: args.data,
    ...(typeof signature === 'string' ? { signature } : {}),
  }
}
