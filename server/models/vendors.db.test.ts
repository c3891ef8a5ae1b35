import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FlowDocumentInput } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'
import { startAnthropicServer } from './testing/anthropic-server'
import { startGoogleServer } from './testing/google-server'
import { startResponsesServer } from './testing/responses-server'
import type { Reply } from './testing/openai-server'
import type { VendorServer } from './testing/vendor-server'

const companies = ['openai', 'anthropic', 'google'] as const
const ids = { openai: 'gpt-4o-mini', anthropic: 'claude-haiku-4-5', google: 'gemini-2.5-flash' }
/** For 11 tokens in and 7 out, by the shipped prices. */
const costs = { openai: 5.85e-6, anthropic: 4.6e-5, google: 2.08e-5 }

let server: TestApp
let ada: Tenant
const vendors: Partial<Record<(typeof companies)[number], VendorServer<unknown>>> = {}

const put = (path: string, body: unknown) => server.call(ada, `/api/v1${path}`, { method: 'PUT', body })
const asJson = async (response: Promise<Response>) => (await response).json()

beforeAll(async () => {
  vendors.openai = await startResponsesServer()
  vendors.anthropic = await startAnthropicServer()
  vendors.google = await startGoogleServer()
  server = await testApp({ MILLRACE_HTTP_ALLOW: '127.0.0.1' })
  ada = await server.addTenant('ada')
  for (const company of companies) {
    const baseUrl = vendors[company]?.url
    const stored = await put(`/models/providers/${company}`, { kind: company, baseUrl, key: 'k-secret' })
    expect(stored.status).toBe(204)
  }
})
afterAll(async () => {
  await server.close()
  await Promise.all(Object.values(vendors).map((vendor) => vendor.close()))
})

const quick = { maxAttempts: 2, interval: 'PT0S' }
let flows = 0

/** Runs a flow of one agent, which is told these in turn. */
async function ask(
  company: (typeof companies)[number],
  config: JsonObject,
  replies: Reply[],
  retry: object = { maxAttempts: 1 },
) {
  vendors[company]?.reply(() => replies.shift() ?? { status: 500, message: 'Nothing is left to say' })
  const id = `ask_${++flows}`
  const flow: FlowDocumentInput = {
    ...{ millrace: 1, id, name: id, edges: [{ from: 'begin', to: 'think' }] },
    nodes: [
      { id: 'begin', kind: 'start', position: { x: 0, y: 0 } },
      {
        ...{ id: 'think', kind: 'agent', retry, position: { x: 200, y: 0 } },
        config: { model: `${company}/${ids[company]}`, instructions: 'Be brief.', prompt: 'Hi', ...config },
      },
    ],
  }
  await server.addFlow(ada, flow)
  const path = `/api/v1/flows/${id}/runs`
  const run = await asJson(server.call(ada, path, { body: { version: 'draft', wait: 20 } }))
  return { ...run, step: run.steps[1] }
}

const doubling = {
  ...{
    type: 'code',
    name: 'double',
    description: 'Doubles a number.',
    source: 'return { twice: input.n * 2 }',
  },
  parameters: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
}
const shape = {
  type: 'object',
  properties: { risk: { type: 'string', enum: ['high', 'low'] } },
  required: ['risk'],
}

describe.each(companies)('an agent by %s', (company) => {
  const name = `${company}/${ids[company]}`
  const bodies = () => vendors[company]?.requests.map(({ body }) => JSON.stringify(body)) ?? []

  test('answers, and its tokens are counted with their cost', async () => {
    const run = await ask(company, {}, [{ say: 'Good day.' }])
    expect(run).toMatchObject({ status: 'completed', output: 'Good day.' })
    expect(run.step.usage).toMatchObject({ inputTokens: 11, outputTokens: 7, model: name })
    expect(run.usage.cost).toBeCloseTo(costs[company], 9)
    const report = await asJson(server.call(ada, '/api/v1/usage?by=model'))
    expect(report.items.map(({ key }: { key: string }) => key)).toContain(name)
  })

  test('calls a tool and one that there is not, is told of both, and answers', async () => {
    const run = await ask(company, { tools: [doubling] }, [
      { calls: [{ tool: 'double', arguments: { n: 21 } }] },
      { calls: [{ tool: 'triple', arguments: {} }] },
      { say: '42 it is.' },
    ])
    expect(run).toMatchObject({ status: 'completed', output: '42 it is.', usage: { calls: 3 } })
    expect(bodies().at(-1)).toMatch(/"?twice\\?":\s*42/)
    expect(bodies().at(-1)).toContain('There is no tool triple. The tools are: double.')
  })

  test('that goes on calling is stopped, and says so', async () => {
    const again = { calls: [{ tool: 'double', arguments: { n: 1 } }] }
    const run = await ask(company, { tools: [doubling], maxTurns: 3 }, Array(4).fill(again))
    expect(run.error).toMatchObject({ code: 'turns_exceeded' })
    expect(run.error.message).toContain('called tools 3 times in a row')
    expect(run.usage.calls).toBe(3)
  })

  test('is told once what its answer lacks, and fails when it lacks it again', async () => {
    const mended = await ask(company, { output: shape }, [
      { say: '{"risk":"so-so"}' },
      { say: '{"risk":"low"}' },
    ])
    expect(mended).toMatchObject({ status: 'completed', output: { risk: 'low' }, usage: { calls: 2 } })
    const broken = await ask(company, { output: shape }, [{ say: '{"risk":"so-so"}' }, { say: 'Sorry?' }])
    expect(broken.error).toMatchObject({
      code: 'model_output_invalid',
      message: expect.stringMatching(/not JSON/),
    })
    expect(broken.usage.calls).toBe(2)
  })

  test('that is asked too often waits as long as it is told to, and asks again', async () => {
    const retryAfter = { 'retry-after': '1' }
    const run = await ask(
      company,
      {},
      [{ status: 429, message: 'Slow down', headers: retryAfter }, { say: 'Now.' }],
      quick,
    )
    expect(run).toMatchObject({ status: 'completed', output: 'Now.', step: { attempts: 2 } })
    expect(Date.parse(run.step.endedAt) - Date.parse(run.step.startedAt)).toBeGreaterThanOrEqual(1_000)
  })

  test('that is cut off in the middle is asked again, and nothing of the half is kept', async () => {
    const replies = [{ cutAfter: 'Half an ans' }, { say: 'Whole.' }]
    const run = await ask(company, {}, replies, quick)
    expect(run).toMatchObject({ status: 'completed', output: 'Whole.', step: { attempts: 2 } })
  })

  test.each<[string, Reply, string, RegExp]>([
    ['a wrong key', { status: 401, message: 'bad key k-secret' }, 'model_auth', /refuses the key.*Check it/],
    [
      'a prompt over the context',
      { status: 400, message: 'prompt is too long: 210000 tokens > 200000 maximum' },
      'model_prompt_too_long',
      /Give it less, or a model with a larger context/,
    ],
    ['an overload', { status: 529, message: 'Overloaded' }, 'model_unavailable', /529/],
  ])('%s fails the step at once and says what to do', async (_, reply, code, message) => {
    const run = await ask(company, {}, [reply])
    expect(run.error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(JSON.stringify(run)).not.toContain('k-secret')
  })
})

test('without a provider the step says where to add one', async () => {
  const eve = await server.addTenant('eve')
  await server.addFlow(eve, {
    ...{ millrace: 1, id: 'keyless', name: 'keyless', edges: [{ from: 'begin', to: 'think' }] },
    nodes: [
      { id: 'begin', kind: 'start', position: { x: 0, y: 0 } },
      {
        ...{ id: 'think', kind: 'agent', position: { x: 200, y: 0 } },
        config: { model: 'anthropic/claude-haiku-4-5', instructions: 'x' },
      },
    ],
  })
  const body = { version: 'draft', wait: 20 }
  const run = await asJson(server.call(eve, '/api/v1/flows/keyless/runs', { body }))
  expect(run.error).toMatchObject({ code: 'model_no_key', message: expect.stringContaining('Settings') })
})
