import { expect, test } from 'vitest'
import type { Json } from '@/flow/json'
import type { ModelMessage, ModelTool } from '@/nodes/step'
import { offlineModel } from './model'

const tool = (name: string, ...required: string[]): ModelTool => ({
  name,
  description: '',
  parameters: {
    type: 'object',
    properties: Object.fromEntries(required.map((each) => [each, {}])),
    required,
  },
})
const tools = [tool('verify'), tool('get_balance', 'account_id'), tool('answer_question', 'run', 'answer')]

const called = (result: Json): ModelMessage[] => [
  { role: 'user', text: 'How much is there?' },
  { role: 'assistant', text: '', calls: [{ id: 'c1', tool: 'verify', arguments: {} }] },
  { role: 'tool', call: 'c1', tool: 'verify', result },
]

async function answerTo(prompt: ModelMessage[]) {
  const { text, calls } = await offlineModel.generate({
    system: '',
    prompt,
    tools,
    signal: AbortSignal.timeout(5_000),
  })
  return { text, calls: calls?.map(({ tool: name, arguments: given }) => [name, given]) }
}

test('the tool that a result names next is called with what the result has', async () => {
  const { calls } = await answerTo(called({ status: 'success', account_id: '7', next_action: 'get_balance' }))
  expect(calls).toEqual([['get_balance', { account_id: '7' }]])
})

test('what the next tool needs is not made up', async () => {
  const { calls } = await answerTo(called({ status: 'success', next_action: 'get_balance' }))
  expect(calls).toBeUndefined()
})

const asking = {
  status: 'waiting',
  run: 'r1',
  prompt_guidance: 'Which account?',
  next_action: 'answer_question',
}

test('a result that waits is told, and what the person says then is the answer', async () => {
  const turns = called(asking)
  const { text, calls } = await answerTo(turns)
  expect([text, calls]).toEqual(['Offline model: Which account?', undefined])
  const reply: ModelMessage[] = [
    { role: 'assistant', text },
    { role: 'user', text: 'The blue one' },
  ]
  expect((await answerTo([...turns, ...reply])).calls).toEqual([
    ['answer_question', { run: 'r1', answer: 'The blue one' }],
  ])
})

test('an answer that must have a shape is read from what the person says', async () => {
  const schema = { type: 'object', properties: { amount: { type: 'number' } } }
  const turns = called({ ...asking, answer_schema: schema })
  const reply: ModelMessage[] = [
    { role: 'assistant', text: 'How much?' },
    { role: 'user', text: '250 euros' },
  ]
  expect((await answerTo([...turns, ...reply])).calls).toEqual([
    ['answer_question', { run: 'r1', answer: { amount: 250 } }],
  ])
})
