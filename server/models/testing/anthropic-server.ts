import { frame, halves, startVendorServer, type VendorServer, type Wire } from './vendor-server'

interface MessagesRequest {
  model: string
  system?: { type: 'text'; text: string }[]
  messages: { role: string; content: { type: string; [member: string]: unknown }[] }[]
  max_tokens: number
  temperature?: number
  stream: boolean
  tools?: { name: string; description?: string; input_schema: unknown }[]
  tool_choice?: { type: string; name?: string }
  output_config?: { format?: { type: string; schema: unknown } }
}

export type AnthropicServer = VendorServer<MessagesRequest>

/** Anthropic's Messages API: https://docs.claude.com/en/api/messages-streaming and /en/api/errors. */
export const startAnthropicServer = () => startVendorServer<MessagesRequest>(wire)

const named = (data: { type: string; [member: string]: unknown }) => frame(data, true)

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}

const stopReasons = { stop: 'end_turn', length: 'max_tokens', content_filter: 'refusal', calls: 'tool_use' }

const wire: Wire = {
  base: '/v1',
  models: {
    data: [
      { type: 'model', id: 'claude-haiku-4-5' },
      { type: 'model', id: 'claude-sonnet-4-5' },
    ],
  },
  begin: () => [
    named({
      type: 'message_start',
      message: {
        ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-haiku-4-5', content: [] },
        ...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: 11, output_tokens: 1 } },
      },
    }),
    named({ type: 'ping' }),
  ],
  text: (text, index) => [
    ...(index === 0
      ? [named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } })]
      : []),
    named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  ],
  calls: (calls, afterText) => [
    ...(afterText ? [named({ type: 'content_block_stop', index: 0 })] : []),
    ...calls.flatMap(({ tool, arguments: given, id = `toolu_${tool}` }, position) => {
      const index = position + (afterText ? 1 : 0)
      return [
        named({
          type: 'content_block_start',
          index,
          content_block: { type: 'tool_use', id, name: tool, input: {} },
        }),
        ...['', ...halves(given)].map((json) =>
          named({
            type: 'content_block_delta',
            index,
            delta: { type: 'input_json_delta', partial_json: json },
          }),
        ),
        named({ type: 'content_block_stop', index }),
      ]
    }),
  ],
  end: (finish) => [
    ...(finish === 'calls' ? [] : [named({ type: 'content_block_stop', index: 0 })]),
    named({
      type: 'message_delta',
      delta: { stop_reason: stopReasons[finish], stop_sequence: null },
      usage: { output_tokens: 7 },
    }),
    named({ type: 'message_stop' }),
  ],
  fault: (message, code = 'overloaded_error') => [named({ type: 'error', error: { type: code, message } })],
  error: (status, message, code) => ({
    type: 'error',
    error: { type: code ?? errorTypes[status] ?? 'api_error', message },
    request_id: 'req_1',
  }),
}
