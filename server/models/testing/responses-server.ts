import { frame, halves, startVendorServer, type VendorServer, type Wire } from './vendor-server'

interface ResponsesRequest {
  model: string
  input: { role?: string; type?: string; content?: unknown; [member: string]: unknown }[]
  temperature?: number
  max_output_tokens?: number
  stream: boolean
  text?: { format: { type: string; schema: unknown; strict: boolean } }
  tools?: { type: string; name: string; description?: string; parameters: unknown }[]
}

export type ResponsesServer = VendorServer<ResponsesRequest>

/** OpenAI's Responses API: https://platform.openai.com/docs/api-reference/responses-streaming. */
export const startResponsesServer = () => startVendorServer<ResponsesRequest>(wire)

const named = (data: { type: string; [member: string]: unknown }) => frame(data, true)

const usage = {
  ...{ input_tokens: 11, input_tokens_details: { cached_tokens: 0 } },
  ...{ output_tokens: 7, output_tokens_details: { reasoning_tokens: 3 }, total_tokens: 18 },
}
const message = { id: 'msg_1', type: 'message', role: 'assistant' }
const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }

const wire: Wire = {
  base: '/v1',
  models: { object: 'list', data: [{ id: 'gpt-4o-mini' }, { id: 'text-embedding-3-small' }] },
  begin: () => [
    named({
      ...{ type: 'response.created', sequence_number: 0 },
      response: { id: 'resp_1', created_at: 1_767_225_600, model: 'gpt-4o-mini', status: 'in_progress' },
    }),
  ],
  text: (delta, index) => [
    ...(index === 0
      ? [
          named({
            type: 'response.output_item.added',
            ...{ output_index: 0, item: { ...message, status: 'in_progress', content: [] } },
          }),
          named({
            type: 'response.content_part.added',
            ...place,
            part: { type: 'output_text', text: '', annotations: [] },
          }),
        ]
      : []),
    named({ type: 'response.output_text.delta', ...place, delta, logprobs: [] }),
  ],
  calls: (calls, afterText) => [
    ...(afterText
      ? [named({ type: 'response.output_item.done', output_index: 0, item: { ...message, content: [] } })]
      : []),
    ...calls.flatMap(({ tool, arguments: given, id = `call_${tool}` }, position) => {
      const index = position + (afterText ? 1 : 0)
      const item = { type: 'function_call', id: `fc_${index}`, call_id: id, name: tool }
      const parts = halves(given)
      const at = { item_id: item.id, output_index: index }
      return [
        named({
          type: 'response.output_item.added',
          ...{ output_index: index, item: { ...item, arguments: '', status: 'in_progress' } },
        }),
        ...parts.map((delta) => named({ type: 'response.function_call_arguments.delta', ...at, delta })),
        named({ type: 'response.function_call_arguments.done', ...at, arguments: parts.join('') }),
        named({
          type: 'response.output_item.done',
          ...{ output_index: index, item: { ...item, arguments: parts.join(''), status: 'completed' } },
        }),
      ]
    }),
  ],
  end(finish) {
    const incomplete =
      finish === 'length' ? 'max_output_tokens' : finish === 'content_filter' ? 'content_filter' : null
    return [
      ...(finish === 'calls'
        ? []
        : [named({ type: 'response.output_item.done', output_index: 0, item: { ...message, content: [] } })]),
      named({
        type: incomplete ? 'response.incomplete' : 'response.completed',
        response: {
          ...{ id: 'resp_1', status: incomplete ? 'incomplete' : 'completed', usage },
          incomplete_details: incomplete ? { reason: incomplete } : null,
        },
      }),
    ]
  },
  fault: (text, code = 'server_error') => [
    named({
      ...{ type: 'response.failed', sequence_number: 9 },
      response: { id: 'resp_1', status: 'failed', error: { code, message: text }, usage: null },
    }),
  ],
  error: (_, text, code) => ({ error: { message: text, type: 'error', param: null, code: code ?? null } }),
}
