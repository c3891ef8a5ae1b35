import { expect, test } from 'vitest'
import { readMessage, resultMessage, updateMessage } from './messages'

const item = {
  type: 'function_call',
  call_id: 'c1',
  name: 'balance',
  arguments: '{"account":"1"}',
  status: 'completed',
}
const call = { callId: 'c1', name: 'balance', arguments: '{"account":"1"}' }

test.each([
  [{ type: 'response.created', response: {} }, { kind: 'response_began' }],
  [
    {
      type: 'response.function_call_arguments.done',
      call_id: 'c1',
      name: 'balance',
      arguments: '{"account":"1"}',
    },
    { kind: 'call', call },
  ],
  [{ type: 'response.function_call_arguments.done', call_id: 'c1', arguments: '{}' }, null],
  [
    { type: 'response.output_item.done', item },
    { kind: 'call', call },
  ],
  [{ type: 'response.output_item.done', item: { type: 'message' } }, null],
  [
    { type: 'response.done', response: { status: 'completed', output: [{ type: 'message' }, item] } },
    { kind: 'response_ended', calls: [call], goesOn: true, usage: null },
  ],
  [
    { type: 'response.done', response: { status: 'cancelled', output: [item] } },
    { kind: 'response_ended', calls: [], goesOn: false, usage: null },
  ],
  [{ type: 'response.done' }, { kind: 'response_ended', calls: [], goesOn: true, usage: null }],
  [
    { type: 'response.done', response: { usage: { total_tokens: 30, input_tokens: 20, output_tokens: 10 } } },
    {
      ...{ kind: 'response_ended', calls: [], goesOn: true },
      usage: { inputTokens: 20, outputTokens: 10 },
    },
  ],
  [
    { type: 'response.done', response: { usage: { input_tokens: 'many' } } },
    { kind: 'response_ended', calls: [], goesOn: true, usage: null },
  ],
  [
    { type: 'session.updated', session: { model: 'gpt-realtime' } },
    { kind: 'session', model: 'gpt-realtime' },
  ],
  [{ type: 'session.created', session: { id: 'sess_1' } }, null],
  [
    { type: 'error', error: { message: 'No.' } },
    { kind: 'error', message: 'No.' },
  ],
  [{ type: 'error' }, { kind: 'error', message: 'It does not say why.' }],
  [{ type: 'response.output_audio.delta', delta: 'AAAA' }, null],
  [{ no: 'type' }, null],
])('%j is heard as %j', (message, heard) => {
  expect(readMessage(JSON.stringify(message))).toEqual(heard)
})

test.each(['', '[', 'null', '[]', '7'])('%j is no message', (text) => {
  expect(readMessage(text)).toBeNull()
})

test('a result goes back as text, under the id of its call', () => {
  expect(resultMessage('c1', { status: 'success' })).toEqual({
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: 'c1', output: '{"status":"success"}' },
  })
})

test('an update changes instructions and tools, and neither model nor voice', () => {
  const session = {
    type: 'realtime',
    model: 'm',
    audio: {},
    instructions: 'x',
    tools: [],
    tool_choice: 'auto',
  }
  expect(updateMessage(session)).toEqual({
    type: 'session.update',
    session: { type: 'realtime', instructions: 'x', tools: [], tool_choice: 'auto' },
  })
})
