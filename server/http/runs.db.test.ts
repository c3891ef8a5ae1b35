import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tidyUp } from '../runtime/retention'
import { asking, doubling, flowOf } from '../testing/flows'
import { readStream } from '../testing/event-stream'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
  await server.addFlow(ada, doubling('double'), 'publish')
  await server.addFlow(ada, asking('ask'), 'publish')
})
afterAll(() => server.close())

const call: TestApp['call'] = (...args) => server.call(...args)
const start = (flow: string, body: object, headers: object = {}) =>
  call(ada, `/api/v1/flows/${flow}/runs`, { body, headers })

describe('start', () => {
  test('with wait gives the finished run with all its steps', async () => {
    const response = await start('double', { input: { n: 21 }, wait: 10 })
    expect(response.status).toBe(200)
    const run = await response.json()
    expect(run).toEqual({
      id: expect.any(String),
      number: expect.any(Number),
      flow: 'double',
      version: 1,
      status: 'completed',
      cause: 'api',
      parent: null,
      children: [],
      input: { n: 21 },
      output: { doubled: 42 },
      error: null,
      startedAt: expect.any(String),
      endedAt: expect.any(String),
      steps: [
        expect.objectContaining({ step: 'begin', node: 'begin', kind: 'start', status: 'completed' }),
        {
          step: 'double',
          node: 'double',
          kind: 'transform',
          status: 'completed',
          round: 1,
          attempts: 1,
          input: { n: 21 },
          output: { doubled: 42 },
          error: null,
          startedAt: expect.anything(),
          endedAt: expect.any(String),
          durationMs: expect.any(Number),
          usage: null,
        },
      ],
      steering: null,
      usage: { calls: 0, cost: 0, inputTokens: 0, outputTokens: 0, totalTokens: 0, unpriced: 0 },
    })
    expect(await (await call(ada, `/api/v1/runs/${run.id}`)).json()).toEqual(run)
  })

  test('without wait is 202 and the run goes on by itself', async () => {
    const response = await start('double', { input: { n: 1 } })
    expect(response.status).toBe(202)
    const { id } = await response.json()
    expect(response.headers.get('location')).toBe(`/api/v1/runs/${id}`)
    const result = await server.app.runtime.waitForEnd(id, 10_000)
    expect(result?.output).toEqual({ doubled: 2 })
  })

  test('a run that parks is 202 before the wait is over', async () => {
    const response = await start('ask', { wait: 0.2 })
    expect(response.status).toBe(202)
    expect((await response.json()).status).toBe('waiting')
  })

  test('takes the draft while nothing is published, and the live version after', async () => {
    await server.addFlow(ada, doubling('fresh'))
    expect((await (await start('fresh', { input: { n: 1 }, wait: 10 })).json()).version).toBeNull()
    await call(ada, '/api/v1/flows/fresh/publish', { method: 'POST' })
    expect((await (await start('fresh', { input: { n: 1 }, wait: 10 })).json()).version).toBe(1)
    const draft = await start('fresh', { input: { n: 1 }, version: 'draft', wait: 10 })
    expect((await draft.json()).version).toBeNull()
  })

  test('a failing step ends in 200 with the error, its step and attempt', async () => {
    const response = await start('double', { input: {}, wait: 10 })
    expect(response.status).toBe(200)
    const run = await response.json()
    expect(run.status).toBe('failed')
    expect(run.error).toMatchObject({ code: 'reference_missing', step: 'double', attempt: 1 })
  })

  test('mocks stand for steps', async () => {
    const response = await start('double', { input: { n: 1 }, mocks: { double: { doubled: 7 } }, wait: 10 })
    expect((await response.json()).output).toEqual({ doubled: 7 })
  })

  test('a mock for a step that there is not is refused', async () => {
    const response = await start('double', { input: { n: 1 }, mocks: { duoble: {} } })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ error: { code: 'mock_unknown' } })
  })

  test('an input that does not fit the schema is 422 and names the member', async () => {
    const input = { type: 'object', required: ['n'], properties: { n: { type: 'number' } } }
    await server.addFlow(ada, { ...doubling('strict'), input })
    const response = await start('strict', { input: { n: 'many' }, wait: 10 })
    expect(response.status).toBe(422)
    const { error } = await response.json()
    expect(error).toMatchObject({ code: 'invalid_input', details: { faults: [{ path: ['n'] }] } })
  })

  test('a catastrophic pattern in the schema holds nothing up', async () => {
    const input = { type: 'object', properties: { n: { type: 'string', pattern: '^(a+)+$' } } }
    await server.addFlow(ada, { ...doubling('pattern'), input })
    const response = await start('pattern', { input: { n: `${'a'.repeat(40)}!` }, wait: 10 })
    expect(response.status).toBe(422)
  })

  test('a member that is none is 400, so that a slip does not start something else', async () => {
    const response = await start('double', { inputs: { n: 1 } })
    expect(response.status).toBe(400)
    expect((await response.json()).error.message).toContain('inputs')
  })

  test('an invalid flow is 422 with its problems', async () => {
    await server.addFlow(ada, flowOf('broken', []))
    const response = await start('broken', { wait: 10 })
    expect(response.status).toBe(422)
    expect((await response.json()).error.details.problems.length).toBeGreaterThan(0)
  })

  test('the same Idempotency-Key starts one run, however often and however fast', async () => {
    const headers = { 'idempotency-key': 'order-17' }
    const responses = await Promise.all(
      [1, 2, 3, 4].map(() => start('double', { input: { n: 5 }, wait: 10 }, headers)),
    )
    const runs = await Promise.all(responses.map((response) => response.json()))
    expect(new Set(runs.map((run) => run.id)).size).toBe(1)
    expect(runs.map((run) => run.output)).toEqual(Array.from({ length: 4 }, () => ({ doubled: 10 })))
    const other = await (
      await start('double', { input: { n: 5 }, wait: 10 }, { 'idempotency-key': 'order-18' })
    ).json()
    expect(other.id).not.toBe(runs[0].id)
  })

  test('an Idempotency-Key that was used for another input is 422, and free again after a day', async () => {
    const headers = { 'idempotency-key': 'order-19' }
    const first = await (await start('double', { input: { n: 1 }, wait: 10 }, headers)).json()
    const other = await start('double', { input: { n: 2 }, wait: 10 }, headers)
    expect([other.status, (await other.json()).error.code]).toEqual([422, 'idempotency_key_reused'])
    const { db, log } = server.app
    const sendLater = async () => {
      await tidyUp({ db, log, retention: {} })
      return (await start('double', { input: { n: 1 }, wait: 10 }, headers)).json()
    }
    expect((await sendLater()).id).toBe(first.id)
    await db.pool.query(`update run set created_at = created_at - interval '25 hours' where id = $1`, [
      first.id,
    ])
    expect((await sendLater()).id).not.toBe(first.id)
  })
})

describe('answers, cancel and events', () => {
  test('an answer lets the run go on, once', async () => {
    const { id } = await (await start('ask', { wait: 0.1 })).json()
    const answer = (body: unknown) => call(ada, `/api/v1/runs/${id}/answers/ask`, { body })
    const wrong = await answer({ decision: 'perhaps' })
    expect(wrong.status).toBe(422)
    expect((await wrong.json()).error.code).toBe('answer_invalid')
    expect((await answer({ decision: 'approved' })).status).toBe(202)
    const result = await server.app.runtime.waitForEnd(id, 10_000)
    expect(result).toMatchObject({ status: 'completed', output: { by: ada.email } })
    const late = await answer({ decision: 'rejected' })
    expect(late.status).toBe(409)
    expect((await late.json()).error.code).toBe('already_answered')
  })

  test('cancel stops a parked run', async () => {
    const { id } = await (await start('ask', { wait: 0.1 })).json()
    const response = await call(ada, `/api/v1/runs/${id}/cancel`, { method: 'POST' })
    expect(response.status).toBe(200)
    expect((await response.json()).status).toBe('cancelled')
  })

  test('an event that nobody waits for is delivered to none', async () => {
    const response = await call(ada, '/api/v1/events', {
      body: { name: 'paid', key: '1', data: { ok: true } },
    })
    expect(await response.json()).toEqual({ delivered: 0 })
  })

  test('unknown runs are 404, also with ids that are none', async () => {
    for (const id of ['nothing', '0190a000-0000-7000-8000-000000000000']) {
      for (const path of [`/runs/${id}`, `/runs/${id}/events`]) {
        expect((await call(ada, `/api/v1${path}`)).status).toBe(404)
      }
      expect((await call(ada, `/api/v1/runs/${id}/cancel`, { method: 'POST' })).status).toBe(404)
      expect((await call(ada, `/api/v1/runs/${id}/answers/ask`, { body: '"approved"' })).status).toBe(404)
    }
  })
})

describe('history', () => {
  const follow = (id: string, lastEventId?: number) =>
    call(ada, `/api/v1/runs/${id}/events`, {
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
      },
    })

  test('as JSON it is every event in order', async () => {
    const { id } = await (await start('double', { input: { n: 1 }, wait: 10 })).json()
    const { items } = await (await call(ada, `/api/v1/runs/${id}/events`)).json()
    expect(items.map((event: { seq: number }) => event.seq)).toEqual(
      items.map((_: unknown, index: number) => index + 1),
    )
    expect(items[0]).toMatchObject({ type: 'run_started', data: { flow: 'double', trigger: { n: 1 } } })
    expect(items.at(-1).type).toBe('run_completed')
  })

  test('as a stream it follows the run to its end', async () => {
    const { id } = await (await start('ask', { wait: 0.1 })).json()
    const response = await follow(id)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reading = readStream(response)
    await call(ada, `/api/v1/runs/${id}/answers/ask`, { body: '"approved"' })
    const events = await reading
    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => String(index + 1)))
    expect(events.at(-1)?.event).toBe('run_completed')
  })

  test('a reader that comes back after Last-Event-ID gets what follows, each event once', async () => {
    const { id } = await (await start('ask', { wait: 0.1 })).json()
    const seen = await readStream(await follow(id), { until: (event) => event.event === 'step_waiting' })
    const lastSeen = Number(seen.at(-1)?.id)
    await call(ada, `/api/v1/runs/${id}/answers/ask`, { body: '"approved"' })
    const rest = await readStream(await follow(id, lastSeen))
    const all = [...seen, ...rest].map((event) => Number(event.id))
    expect(all).toEqual(all.map((_, index) => index + 1))
    expect(rest.at(-1)?.event).toBe('run_completed')
    // Nothing more will come: 204 is what stops an EventSource.
    expect((await follow(id, all.length)).status).toBe(204)
  })
})

describe('continue', () => {
  const broken = (id: string) =>
    flowOf(id, [
      { id: 'begin', kind: 'start' },
      { id: 'mend', kind: 'transform', config: { expression: '$error("broken")' } },
    ])
  const mend = async (id: string) => {
    const body = flowOf(id, [
      { id: 'begin', kind: 'start' },
      { id: 'mend', kind: 'transform', config: { expression: '"whole"' } },
    ])
    const etag = (await call(ada, `/api/v1/flows/${id}`)).headers.get('etag')
    const headers = { 'if-match': etag }
    expect((await call(ada, `/api/v1/flows/${id}`, { method: 'PUT', body, headers })).status).toBe(200)
  }
  const fail = async (flow: string) => (await (await start(flow, { wait: 10, version: 'draft' })).json()).id

  test('goes on with a failed run on the edited draft', async () => {
    await server.addFlow(ada, broken('one_broken'))
    const id = await fail('one_broken')
    await mend('one_broken')
    const answer = await call(ada, `/api/v1/runs/${id}/continue`, { body: { version: 'draft' } })
    expect(answer.status).toBe(202)
    expect(await answer.json()).toMatchObject({ id, error: null })
    await server.app.runtime.waitForEnd(id, 10_000)
    expect(await (await call(ada, `/api/v1/runs/${id}`)).json()).toMatchObject({
      status: 'completed',
      output: 'whole',
    })
    const late = await call(ada, `/api/v1/runs/${id}/continue`, { method: 'POST' })
    expect(late.status).toBe(409)
    expect((await late.json()).error.code).toBe('run_completed')
  })

  test('goes on with many; a wrong step is 422 and a stranger sees nothing', async () => {
    await server.addFlow(ada, broken('many_broken'))
    const ids = [await fail('many_broken'), await fail('many_broken')]
    const wrong = await call(ada, `/api/v1/runs/${ids[0]}/continue`, { body: { from: 'nowhere' } })
    expect(wrong.status).toBe(422)
    const eve = await server.addTenant('eve')
    expect((await call(eve, `/api/v1/runs/${ids[0]}/continue`, { body: {} })).status).toBe(404)
    await mend('many_broken')
    const body = { flow: 'many_broken', code: 'expression_failed', version: 'draft' }
    const strange = await call(eve, '/api/v1/runs/continue', { body: { flow: 'many_broken' } })
    expect(await strange.json()).toEqual({ continued: 0, refused: [], more: false })
    const answer = await call(ada, '/api/v1/runs/continue', { body })
    expect(await answer.json()).toEqual({ continued: 2, refused: [], more: false })
    for (const id of ids) {
      expect(await server.app.runtime.waitForEnd(id, 10_000)).toMatchObject({ status: 'completed' })
    }
  })
})

test('runs that a step has started are linked with it, and listed on request', async () => {
  await server.addFlow(ada, doubling('callee'), 'publish')
  await server.addFlow(
    ada,
    flowOf('caller', [
      { id: 'begin', kind: 'start' },
      { id: 'call', kind: 'call_flow', config: { flow: 'callee', input: { n: '${ trigger.n }' } } },
    ]),
  )
  const run = await (await start('caller', { input: { n: 2 }, wait: 10, version: 'draft' })).json()
  expect(run).toMatchObject({ status: 'completed', output: { doubled: 4 }, parent: null })
  expect(run.children).toEqual([
    {
      id: expect.any(String),
      flow: 'callee',
      number: 1,
      status: 'completed',
      cause: 'call',
      step: 'call',
      call: 0,
    },
  ])
  const [{ id }] = run.children
  const child = await (await call(ada, `/api/v1/runs/${id}`)).json()
  expect(child).toMatchObject({ parent: { run: run.id, step: 'call' }, children: [] })
  const { items } = await (await call(ada, `/api/v1/runs?parent=${run.id}`)).json()
  expect(items).toMatchObject([{ id, flow: 'callee' }])
})

describe('list', () => {
  test('filters by flow, status, step and time, and has pages', async () => {
    const bob = await server.addTenant('bob')
    await server.addFlow(bob, doubling('a'))
    await server.addFlow(bob, doubling('b'))
    const run = async (flow: string, input: object) =>
      (await (await call(bob, `/api/v1/flows/${flow}/runs`, { body: { input, wait: 10 } })).json()).id
    const ids = [await run('a', { n: 1 }), await run('b', { n: 2 }), await run('a', {})]
    const list = async (query: string) =>
      (await (await call(bob, `/api/v1/runs?${query}`)).json()).items.map((item: { id: string }) => item.id)

    expect(await list('')).toEqual(ids.toReversed())
    expect(await list('flow=a')).toEqual([ids[2], ids[0]])
    expect(await list('status=failed')).toEqual([ids[2]])
    expect(await list('status=completed,failed&flow=b')).toEqual([ids[1]])
    expect(await list('step=double&flow=b')).toEqual([ids[1]])
    expect(await list('step=nowhere')).toEqual([])
    expect(await list('from=2100-01-01T00:00:00Z')).toEqual([])
    expect(await list('to=2100-01-01T00:00:00Z')).toHaveLength(3)

    const first = await (await call(bob, '/api/v1/runs?limit=2')).json()
    expect(first.items).toHaveLength(2)
    expect(await list(`limit=2&cursor=${first.cursor}`)).toEqual([ids[0]])
  })

  test.each(['status=done', 'from=yesterday', 'limit=0', 'limit=many'])('%s is 400', async (query) => {
    expect((await call(ada, `/api/v1/runs?${query}`)).status).toBe(400)
  })
})
