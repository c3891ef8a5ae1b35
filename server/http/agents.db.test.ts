import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FlowDocumentInput } from '@/flow/document'
import type { Json } from '@/flow/json'
import { startOpenAIServer, type OpenAIServer, type Reply } from '../models/testing/openai-server'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

/* Agents and conversations through the API, with a model server over real HTTP. */

let models: OpenAIServer
let server: TestApp
let ana: Tenant
beforeAll(async () => {
  models = await startOpenAIServer()
  server = await testApp({ OPENAI_BASE_URL: models.url, OPENAI_API_KEY: 'key' })
  ana = await server.addTenant('ana')
})
afterAll(async () => {
  await server.close()
  await models.close()
})

const answering = (...replies: Reply[]) => {
  models.requests.splice(0)
  models.reply(() => replies.shift() ?? { status: 500 })
}
const say = (value: Json): Reply => ({ say: typeof value === 'string' ? value : JSON.stringify(value) })

function flow(id: string, step: object, more: Partial<FlowDocumentInput> = {}): FlowDocumentInput {
  const nodes = [
    { id: 'start', kind: 'start' },
    { id: 'step', ...step },
  ] as FlowDocumentInput['nodes']
  return { millrace: 1, id, nodes, edges: [{ from: 'start', to: 'step' }], ...more }
}

async function begin(id: string, input: Json, wait: number) {
  const body = { input, version: 'draft', wait }
  return (await server.call(ana, `/api/v1/flows/${id}/runs`, { body })).json()
}
async function until(id: string, isThere: (history: { type: string; step?: string }[]) => boolean) {
  for (;;) {
    const { items } = await (await server.call(ana, `/api/v1/runs/${id}/events`)).json()
    if (isThere(items)) return items
    await delay(10)
  }
}
const typed = (history: { type: string }[], type: string) => history.filter((event) => event.type === type)

test('an agent has another flow find what it needs, as a run of its own, and answers', async () => {
  const input = { type: 'object', properties: { number: { type: 'integer' } }, required: ['number'] }
  const found = { kind: 'transform', config: { expression: '{ "number": trigger.number, "state": "sent" }' } }
  await server.addFlow(ana, flow('find_order', found, { input, description: 'Finds an order.' }), 'publish')
  const config = { instructions: 'Help.', tools: [{ type: 'flow', flow: 'find_order' }] }
  await server.addFlow(ana, flow('order_help', { kind: 'agent', config }))
  answering(
    { calls: [{ tool: 'find_order', arguments: { number: 'seven' } }] },
    { calls: [{ tool: 'find_order', arguments: { number: 7 } }] },
    say('Order 7 is sent.'),
  )
  const run = await begin('order_help', 'Where is order 7?', 20)
  expect(run).toMatchObject({ status: 'completed', output: 'Order 7 is sent.' })
  expect(models.requests[0]?.body.tools?.[0]?.function).toMatchObject({
    ...{ name: 'find_order', description: expect.stringContaining('Finds an order') },
    parameters: { required: ['number'] },
  })
  const told = JSON.stringify(models.requests[2]?.body.messages)
  expect(told).toContain('tool_arguments_invalid')
  expect(told).toContain('\\"state\\":\\"sent\\"')
  const { items } = await (await server.call(ana, '/api/v1/runs?flow=find_order')).json()
  expect(items).toMatchObject([{ status: 'completed' }])
})

test('a conversation goes on with what was said when the model is away for a moment', async () => {
  const step = {
    ...{ kind: 'clarify', config: { about: 'What to count' } },
    retry: { maxAttempts: 3, interval: 'PT0S' },
  }
  await server.addFlow(ana, flow('count', step))
  const judged = (score: number) => say({ score, missing: [], question: 'Of what?' })
  answering(judged(10), { status: 503 }, judged(90))
  const run = await begin('count', 'How many?', 0)
  await until(run.id, (history) => typed(history, 'step_waiting').length === 1)
  const answered = await server.call(ana, `/api/v1/runs/${run.id}/answers/step`, { body: '"Of bikes"' })
  expect(answered.status).toBeLessThan(300)
  const history = await until(run.id, (events) => typed(events, 'run_completed').length === 1)
  expect(typed(history, 'step_waiting')).toHaveLength(1)
  expect(typed(history, 'step_retrying')).toHaveLength(1)
  expect(models.requests).toHaveLength(3)
  expect(history.at(-1)).toMatchObject({ data: { output: { score: 90, turns: 1 } } })
})

test.each<[string, Reply[], string]>([
  ['refuses the key', [{ status: 401 }], 'model_auth'],
  ['is away', [{ status: 503 }], 'model_unavailable'],
  ['breaks off', [{ cutAfter: 'Half an' }], 'model_unavailable'],
  ['breaks the shape twice', [say('no'), say('never')], 'model_output_invalid'],
  [
    'says that the prompt is too long',
    [{ status: 400, message: 'maximum context length' }],
    'model_prompt_too_long',
  ],
])('a model that %s fails the step with a clear code', async (name, replies, code) => {
  const output = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] }
  const id = `broken_${name.replace(/\W/g, '_')}`
  await server.addFlow(ana, flow(id, { kind: 'agent', config: { instructions: 'x', output } }))
  answering(...replies)
  expect(await begin(id, 'Go', 20)).toMatchObject({ status: 'failed', error: { code, step: 'step' } })
})
