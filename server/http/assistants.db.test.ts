import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FlowDocumentInput } from '@/flow/document'
import { asking as approving, flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant
let eve: Tenant

const account = { type: 'object', properties: { account: { type: 'string' } }, required: ['account'] }

/** Tells a balance, and how to go on. */
const balance = flowOf(
  'balance_inquiry',
  [
    { id: 'begin', kind: 'start' },
    {
      id: 'tell',
      kind: 'complete',
      config: {
        output: {
          balance: 2547.83,
          account: '${trigger.account}',
          prompt_guidance: 'The balance is 2547.83. Offer more help.',
          next_action: 'offer_additional_help',
        },
      },
    },
  ],
  { name: 'Balance inquiry', description: 'Tells the balance of an account.', input: account },
)

/** Two functions in one flow. */
const card: FlowDocumentInput = flowOf(
  'card_replacement',
  [
    {
      id: 'verify_identity',
      kind: 'start',
      config: { purpose: 'Verifies the customer.', instruction: 'Verify the customer first.' },
    },
    { id: 'replace_card', kind: 'start', config: { purpose: 'Sends a new card.' } },
    { id: 'verified', kind: 'complete', config: { output: { verified: true } } },
    { id: 'replaced', kind: 'complete', config: { output: { sent: true } } },
  ],
  {
    name: 'Card replacement',
    edges: [
      { from: 'verify_identity', to: 'verified' },
      { from: 'replace_card', to: 'replaced' },
    ],
  },
)

const asking = flowOf(
  'which_card',
  [
    { id: 'begin', kind: 'start' },
    { id: 'ask', kind: 'ask', config: { question: 'Which card is lost?' } },
    {
      id: 'told',
      kind: 'complete',
      config: {
        output: { card: '${steps.ask}' },
        status: 'done',
        guidance: 'Say that the ${steps.ask} card is blocked.',
        next: 'replace_card',
      },
    },
  ],
  {
    edges: [
      { from: 'begin', to: 'ask' },
      { from: 'ask', port: 'answered', to: 'told' },
    ],
  },
)

const failing = flowOf('failing', [
  { id: 'begin', kind: 'start' },
  { id: 'stop', kind: 'fail', config: { code: 'bank_closed', message: 'The bank is closed.' } },
])

const slow = flowOf('slow', [
  { id: 'begin', kind: 'start' },
  { id: 'wait', kind: 'wait', config: { for: 'PT1H' } },
])

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
  eve = await server.addTenant('eve')
  for (const flow of [balance, card, asking, failing, slow, approving('approved')])
    await server.addFlow(ada, flow, 'publish')
})
afterAll(() => server.close())

async function call(path: string, body?: unknown, method?: string, tenant = ada) {
  const response = await server.call(tenant, `/api/v1/assistants${path}`, { body, method })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}
let made = 0
async function assistant(settings: object = {}) {
  const { body } = await call('', { name: `Bank ${++made}`, ...settings })
  return body.id as string
}
const toolNames = async (id: string, query = '') =>
  (await call(`/${id}/session${query}`)).body.tools.map(({ name }: { name: string }) => name)

describe('an assistant', () => {
  test('is made of flows, read, changed, listed and removed', async () => {
    const created = await call('', {
      name: 'Bank helper',
      instruction: 'You work for a bank.',
      flows: ['balance_inquiry', { flow: 'card_replacement', active: false }],
    })
    expect(created.status).toBe(201)
    expect(created.headers.get('location')).toBe('/api/v1/assistants/bank_helper')
    expect(created.body).toMatchObject({
      id: 'bank_helper',
      name: 'Bank helper',
      model: null,
      flows: [
        {
          flow: 'balance_inquiry',
          name: 'Balance inquiry',
          active: true,
          userKinds: [],
          version: 1,
          isMissing: false,
          tools: [{ name: 'balance_inquiry', description: 'Tells the balance of an account.' }],
        },
        {
          flow: 'card_replacement',
          active: false,
          tools: [{ name: 'verify_identity' }, { name: 'replace_card' }],
        },
      ],
      updatedBy: 'ada',
    })
    expect((await call('/bank_helper')).body).toEqual(created.body)

    const changed = await call('/bank_helper', { model: 'offline', flows: ['card_replacement'] }, 'PUT')
    expect(changed.body).toMatchObject({
      name: 'Bank helper',
      instruction: 'You work for a bank.',
      model: 'offline',
      flows: [{ flow: 'card_replacement', active: true }],
    })

    const { items } = (await call('')).body
    expect(items).toContainEqual(expect.objectContaining({ id: 'bank_helper', flows: 1, active: 1 }))
    expect((await call('/bank_helper', undefined, 'DELETE')).status).toBe(204)
    expect((await call('/bank_helper')).status).toBe(404)
  })

  test('of a name that is taken gets another id; an id of one’s own must be free', async () => {
    const first = await call('', { name: 'Twice' })
    const second = await call('', { name: 'Twice' })
    expect([first.body.id, second.body.id]).toEqual(['twice', 'twice_2'])
    const third = await call('', { name: 'x', id: 'twice' })
    expect([third.status, third.body.error.code]).toEqual([409, 'assistant_exists'])
  })

  test.each([
    ['no name', { name: ' ' }, 400],
    ['an unknown member', { name: 'x', colour: 'red' }, 400],
    ['a flow twice', { name: 'x', flows: ['slow', 'slow'] }, 400],
    ['a bad kind of user', { name: 'x', flows: [{ flow: 'slow', userKinds: ['a b'] }] }, 400],
    ['a flow that is not there', { name: 'Leaves nothing', flows: ['slow', 'nowhere'] }, 404],
  ])('with %s is refused, and nothing is stored', async (_, body, status) => {
    const before = (await call('')).body.items.length
    expect((await call('', body)).status).toBe(status)
    expect((await call('')).body.items).toHaveLength(before)
  })
})

describe('flows are switched at run time', () => {
  test('and the session has the tools of those that are on', async () => {
    const id = await assistant({ flows: ['balance_inquiry'] })
    expect(await toolNames(id)).toEqual(['balance_inquiry'])

    const added = await call(`/${id}/flows/card_replacement/activate`, undefined, 'POST')
    expect(added.body.flows).toHaveLength(2)
    expect(await toolNames(id)).toEqual(['balance_inquiry', 'verify_identity', 'replace_card'])

    await call(`/${id}/flows/balance_inquiry/deactivate`, undefined, 'POST')
    expect(await toolNames(id)).toEqual(['verify_identity', 'replace_card'])

    await call(`/${id}/flows/balance_inquiry/activate`, { alone: true })
    expect(await toolNames(id)).toEqual(['balance_inquiry'])
  })

  test('one by one, and taken out', async () => {
    const id = await assistant({ flows: ['balance_inquiry', 'card_replacement'] })
    const one = `/${id}/flows/card_replacement`
    await call(one, { active: false, userKinds: ['gold'] }, 'PUT')
    const changed = await call(one, { userKinds: ['gold', 'premium'] }, 'PUT')
    expect(changed.body.flows[1]).toMatchObject({ active: false, userKinds: ['gold', 'premium'] })
    expect(await toolNames(id)).toEqual(['balance_inquiry'])
    expect((await call(one, undefined, 'DELETE')).status).toBe(204)
    expect((await call(one, undefined, 'DELETE')).status).toBe(404)
    expect((await call(`/${id}`)).body.flows).toHaveLength(1)
  })

  test('but for one that is not there', async () => {
    const id = await assistant()
    expect((await call(`/${id}/flows/nowhere/activate`, undefined, 'POST')).status).toBe(404)
    expect((await call(`/${id}/flows/slow/deactivate`, undefined, 'POST')).status).toBe(404)
    expect((await call(`/${id}/flows/slow`, { userKinds: ['x'] }, 'PUT')).status).toBe(404)
    expect((await call(`/nobody/flows/slow/activate`, undefined, 'POST')).status).toBe(404)
  })

  test('by kind of user', async () => {
    const flows = [
      { flow: 'balance_inquiry', active: false, userKinds: ['basic', 'premium'] },
      { flow: 'card_replacement', active: false, userKinds: ['premium'] },
    ]
    const id = await assistant({ flows })
    expect(await toolNames(id)).toEqual([])
    expect(await toolNames(id, '?userKind=basic')).toEqual(['balance_inquiry'])
    expect(await toolNames(id, '?userKind=premium')).toHaveLength(3)
    const refused = { name: 'balance_inquiry', arguments: { account: '1' } }
    expect((await call(`/${id}/calls`, refused)).body.error.code).toBe('function_not_found')
    expect((await call(`/${id}/calls`, { ...refused, userKind: 'basic' })).status).toBe(200)
  })
})

test('the session comes in three formats, with one merged instruction', async () => {
  const id = await assistant({
    instruction: 'You work for a bank.',
    voice: 'cedar',
    model: 'openai/gpt-4o-mini',
    flows: ['balance_inquiry', 'card_replacement'],
  })
  const plain = (await call(`/${id}/session`)).body
  expect(plain.instruction).toMatch(
    /^You work for a bank\.\n\n## Balance inquiry\n[^]*Verify the customer first\./,
  )
  const realtime = (await call(`/${id}/session?format=openai-realtime`)).body
  expect(realtime).toMatchObject({
    type: 'realtime',
    instructions: plain.instruction,
    audio: { output: { voice: 'cedar' } },
  })
  expect(realtime.tools[0]).toEqual({
    type: 'function',
    name: 'balance_inquiry',
    description: 'Tells the balance of an account.',
    parameters: account,
  })
  const responses = (await call(`/${id}/session?format=openai-responses`)).body
  expect(responses).toMatchObject({ model: 'gpt-4o-mini', tools: [{ strict: false }, {}, {}] })
  expect((await call(`/${id}/session?format=telegram`)).status).toBe(400)
})

test('the report counts tools and functions, and names what is wrong', async () => {
  const clashing = flowOf('clashing', [
    { id: 'begin', kind: 'start', config: { tool: 'balance_inquiry', purpose: 'Tells it too.' } },
    { id: 'end', kind: 'complete' },
  ])
  await server.addFlow(ada, clashing)
  const id = await assistant({ flows: ['balance_inquiry', 'card_replacement'] })
  expect((await call(`/${id}/validate`)).body).toEqual({
    valid: true,
    problems: [],
    tool_count: 3,
    function_count: 3,
  })
  await call(`/${id}/flows/clashing/activate`, undefined, 'POST')
  expect((await call(`/${id}/validate`)).body).toMatchObject({
    valid: false,
    problems: [
      { code: 'flow_not_published', flow: 'clashing' },
      { code: 'name_clash', flow: 'clashing', tool: 'balance_inquiry' },
    ],
    tool_count: 3,
  })
  await server.call(ada, '/api/v1/flows/clashing', { method: 'DELETE' })
  expect((await call(`/${id}/validate`)).body.problems).toMatchObject([{ code: 'flow_missing' }])
  const kept = await call(`/${id}`, { flows: ['balance_inquiry', 'clashing'] }, 'PUT')
  expect(kept.body.flows).toMatchObject([{ isMissing: false }, { flow: 'clashing', isMissing: true }])
})

test('a flow’s own report counts its tools and functions', async () => {
  const report = await (await server.call(ada, '/api/v1/flows/card_replacement/validate')).json()
  expect(report).toMatchObject({ valid: true, tool_count: 2, function_count: 2 })
})

describe('a call', () => {
  let id = ''
  beforeAll(async () => {
    const flows = ['balance_inquiry', 'card_replacement', 'which_card', 'failing', 'slow', 'approved']
    id = await assistant({ flows })
  })
  const answer = async (body: object) => (await call(`/${id}/calls`, body)).body

  test('runs the flow and gives its output with what guides the talk', async () => {
    const { body, headers } = await call(`/${id}/calls`, {
      name: 'balance_inquiry',
      arguments: { account: '12345' },
      user: 'carl',
    })
    expect(body).toEqual({
      status: 'success',
      balance: 2547.83,
      account: '12345',
      prompt_guidance: 'The balance is 2547.83. Offer more help.',
      next_action: 'offer_additional_help',
    })
    const run = await (await server.call(ada, `/api/v1/runs/${headers.get('millrace-run')}`)).json()
    expect(run).toMatchObject({
      flow: 'balance_inquiry',
      version: 1,
      status: 'completed',
      cause: 'assistant',
    })
  })

  test('may be sent as a provider gives it', async () => {
    const item = {
      type: 'function_call',
      id: 'fc_1',
      status: 'completed',
      call_id: 'call_1',
      name: 'balance_inquiry',
      arguments: '{"account":"7"}',
    }
    expect(await answer(item)).toMatchObject({ status: 'success', account: '7' })
  })

  test('begins at the start whose function it is', async () => {
    expect(await answer({ name: 'replace_card' })).toEqual({ status: 'success', sent: true })
    expect(await answer({ name: 'verify_identity' })).toEqual({ status: 'success', verified: true })
  })

  test('that comes twice runs once', async () => {
    const twice = { name: 'balance_inquiry', arguments: { account: '1' }, call_id: 'call_2' }
    const runs = await Promise.all([call(`/${id}/calls`, twice), call(`/${id}/calls`, twice)])
    expect(runs[0].headers.get('millrace-run')).toBe(runs[1].headers.get('millrace-run'))
    expect(runs[0].body).toEqual(runs[1].body)
  })

  test('of a run that fails says so as a result', async () => {
    expect(await answer({ name: 'failing' })).toMatchObject({
      status: 'error',
      error: { code: 'bank_closed', message: 'The bank is closed.' },
    })
  })

  test('of a run that asks hands the question on, and the answer goes on with the run', async () => {
    const asked = await answer({ name: 'which_card' })
    expect(asked).toEqual({
      status: 'waiting',
      run: expect.any(String),
      step: 'ask',
      answer_schema: { type: 'string', minLength: 1, title: 'Answer' },
      prompt_guidance: 'Which card is lost?',
      next_action: 'answer_question',
    })
    const reply = { run: asked.run, step: 'ask', answer: 'gold' }
    expect(await answer({ name: 'answer_question', arguments: reply })).toEqual({
      status: 'done',
      card: 'gold',
      prompt_guidance: 'Say that the gold card is blocked.',
      next_action: 'replace_card',
    })
    const again = await call(`/${id}/calls`, { name: 'answer_question', arguments: reply })
    expect([again.status, again.body.error.code]).toEqual([409, 'not_asked'])
  })

  test('answers no approval, and nothing that no assistant has called', async () => {
    const approval = await answer({ name: 'approved' })
    expect(approval).toMatchObject({ status: 'pending' })
    const own = await (
      await server.call(ada, '/api/v1/flows/which_card/runs', { body: { wait: 0.2 } })
    ).json()
    for (const [run, step] of [
      [approval.run, 'ask'],
      [own.id, 'ask'],
    ]) {
      const reply = { name: 'answer_question', arguments: { run, step, answer: 'approved' } }
      expect((await call(`/${id}/calls`, reply)).body.error.code).toBe('not_asked')
    }
  })

  test('of a run that takes long is pending', async () => {
    expect(await answer({ name: 'slow', wait: 0.2 })).toMatchObject({
      status: 'pending',
      run: expect.any(String),
    })
  })

  test.each([
    ['an unknown function', { name: 'loan' }, 404, 'function_not_found'],
    ['arguments that lack something', { name: 'balance_inquiry', arguments: {} }, 422, 'arguments_invalid'],
    [
      'arguments of a wrong type',
      { name: 'balance_inquiry', arguments: { account: 5 } },
      422,
      'arguments_invalid',
    ],
    ['arguments that are no JSON', { name: 'balance_inquiry', arguments: '{"acc' }, 422, 'arguments_invalid'],
    ['no name', { arguments: {} }, 400, 'malformed'],
  ])('with %s is refused', async (_, body, status, code) => {
    const response = await call(`/${id}/calls`, body)
    expect([response.status, response.body.error.code]).toEqual([status, code])
  })
})

describe('another workspace', () => {
  test('cannot put a flow that is not its own into an assistant', async () => {
    expect((await call('', { name: 'Thief', flows: ['balance_inquiry'] }, 'POST', eve)).status).toBe(404)
    await call('', { name: 'Thief' }, 'POST', eve)
    expect((await call('/thief/flows/balance_inquiry/activate', undefined, 'POST', eve)).status).toBe(404)
  })

  test('may have an assistant of the same id, with flows of its own', async () => {
    await server.addFlow(eve, { ...balance, name: 'Eve’s' }, 'publish')
    await call('', { name: 'Shared', flows: ['balance_inquiry', 'slow'] })
    await call('', { name: 'Shared', flows: ['balance_inquiry'] }, 'POST', eve)
    const hers = await call('/shared', undefined, 'GET', eve)
    expect(hers.body.flows).toMatchObject([{ flow: 'balance_inquiry', name: 'Eve’s' }])
    await call('/shared', undefined, 'DELETE', eve)
    expect((await call('/shared')).body.flows).toHaveLength(2)
  })
})
