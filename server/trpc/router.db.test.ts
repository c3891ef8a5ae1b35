import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentSchema } from '@/flow/document'
import { member } from '@/db/schema/auth'
import { asking, doubling, echoing, flowOf } from '../testing/flows'
import { readStream } from '../testing/event-stream'
import { password, testApp, type Tenant, type TestApp } from '../testing/test-app'
import type { AppRouter } from './router'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
})
afterAll(() => server.close())

const clientOf = (tenant: Tenant | null, app = () => server) =>
  createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: 'http://localhost:3000/api/trpc',
        headers: tenant?.headers ?? {},
        fetch: async (url, init) => app().http.request(String(url), init as RequestInit),
      }),
    ],
  })

/** The data of the error that a call ends in. */
async function failure(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof TRPCClientError)) throw new Error('The call did not fail.')
  return { message: error.message, ...error.data }
}

const parsed = (document: unknown) => documentSchema.parse(document)

describe('setup', () => {
  test('the first visitor makes the owner, is signed in, and nobody can do it again', async () => {
    const fresh = await testApp()
    await fresh.app.db.pool.query('delete from organization')
    await fresh.app.db.pool.query('delete from "user"')
    try {
      const client = clientOf(null, () => fresh)
      expect(await client.session.get.query()).toMatchObject({ setupNeeded: true, user: null, problems: [] })
      const owner = { name: 'Ada', email: 'Ada@Example.com', password, workspace: 'Engines' }
      const response = await fresh.fetch('/api/trpc/session.setup', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(owner),
      })
      expect(response.status).toBe(200)
      const cookie = response.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ')
      const session = await (await fresh.fetch('/api/trpc/session.get', { headers: { cookie } })).json()
      expect(session.result.data).toMatchObject({
        setupNeeded: false,
        user: { name: 'Ada', email: 'ada@example.com' },
        workspace: { name: 'Engines' },
        role: 'admin',
      })
      expect(await failure(client.session.setup.mutate(owner))).toMatchObject({
        code: 'CONFLICT',
        reason: 'already_set_up',
      })
    } finally {
      await fresh.close()
    }
  })

  test('two who begin at once make one owner', async () => {
    const fresh = await testApp()
    await fresh.app.db.pool.query('delete from organization')
    await fresh.app.db.pool.query('delete from "user"')
    try {
      const make = (name: string) =>
        clientOf(null, () => fresh).session.setup.mutate({
          name,
          email: `${name}@example.com`,
          password,
          workspace: 'W',
        })
      const results = await Promise.allSettled([make('a'), make('b')])
      expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    } finally {
      await fresh.close()
    }
  })

  test('a foreign page cannot do it', async () => {
    const response = await server.fetch('/api/trpc/session.setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: JSON.stringify({ name: 'E', email: 'e@example.com', password, workspace: 'W' }),
    })
    expect(response.status).toBe(403)
  })

  test('a short password is refused in a sentence', async () => {
    const call = clientOf(null).session.setup.mutate({
      name: 'A',
      email: 'a@example.com',
      password: 'x',
      workspace: 'W',
    })
    expect(await failure(call)).toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('8 characters'),
    })
  })

  test('of an input that a form explains, only the sentence is told', async () => {
    const call = clientOf(ada).models.storeProvider.mutate({
      name: 'mine',
      kind: 'compatible',
      baseUrl: 'localhost:8080/v1',
    })
    expect(await failure(call)).toMatchObject({ message: 'Write the address as https://host/v1.' })
  })
})

describe('flows', () => {
  test('blank, from a document and by import, ids never clash', async () => {
    const client = clientOf(ada)
    const blank = await client.flows.create.mutate({ name: 'Renewal – Möller & Co.' })
    expect(blank).toEqual({ id: 'renewal_moller_co', revision: 1 })
    expect((await client.flows.create.mutate({ name: 'Renewal – Möller & Co.' })).id).toBe(
      'renewal_moller_co_2',
    )
    expect((await client.flows.create.mutate({})).id).toBe('untitled_flow')
    const document = parsed(doubling('copied'))
    expect((await client.flows.create.mutate({ document })).id).toBe('copied')
    const imported = await client.flows.import.mutate({ text: JSON.stringify(document) })
    expect(imported).toEqual({ id: 'copied_2', problems: [], losses: [] })
    expect((await client.flows.get.query({ id: 'copied_2' })).document.id).toBe('copied_2')
  })

  test('the list carries a drawing and the last runs', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, { ...doubling('listed'), tags: ['mine'] })
    const { id } = await client.runs.start.mutate({ flow: 'listed', input: { n: 1 } })
    await server.app.runtime.waitForEnd(id, 10_000)
    const [card] = await client.flows.list.query({ tag: 'mine' })
    expect(card).toMatchObject({
      id: 'listed',
      liveVersion: null,
      draftDiffers: false,
      recentRuns: ['completed'],
      drawing: {
        nodes: [
          { id: 'begin', category: 'trigger' },
          { id: 'double', category: 'data' },
        ],
        edges: [{ from: 'begin', to: 'double' }],
      },
    })
  })

  test('a stale save is a conflict that carries both sides’ way out', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, doubling('edited'))
    const save = (name: string, revision: number) =>
      client.flows.save.mutate({ id: 'edited', document: { ...parsed(doubling('edited')), name }, revision })
    expect(await save('first', 1)).toMatchObject({ revision: 2 })
    expect(await failure(save('second', 1))).toMatchObject({
      code: 'CONFLICT',
      problems: null,
      conflict: { revision: 2, updatedBy: 'ada', document: { name: 'first' } },
    })
    expect(await save('second', 2)).toMatchObject({ revision: 3 })
  })

  test('a document of the wrong shape is told as problems by path', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, doubling('shaped'))
    const wrong = { ...parsed(doubling('shaped')), nodes: [{ id: 'ok', kind: '' }] }
    const call = client.flows.save.mutate({ id: 'shaped', document: wrong as never, revision: 1 })
    const { code, problems } = await failure(call)
    expect(code).toBe('UNPROCESSABLE_CONTENT')
    expect(problems?.[0]).toMatchObject({ severity: 'error', path: ['nodes', 0, 'kind'] })
  })

  test('publishing and running a broken flow tell its problems', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, flowOf('broken', []))
    for (const call of [
      client.flows.publish.mutate({ id: 'broken' }),
      client.runs.start.mutate({ flow: 'broken', input: {} }),
    ]) {
      const { code, problems } = await failure(call)
      expect(code).toBe('UNPROCESSABLE_CONTENT')
      expect(problems?.length).toBeGreaterThan(0)
    }
  })

  test('after publishing, an edit makes the draft differ', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, doubling('differing'), 'publish')
    expect(await client.flows.get.query({ id: 'differing' })).toMatchObject({
      liveVersion: 1,
      draftDiffers: false,
    })
    const document = { ...parsed(doubling('differing')), name: 'Other' }
    await client.flows.save.mutate({ id: 'differing', document, revision: 1 })
    expect(await client.flows.get.query({ id: 'differing' })).toMatchObject({
      liveVersion: 1,
      draftDiffers: true,
    })
  })

  test('a duplicate has its own id and its own webhooks, and says that it is a copy', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, echoing('source', '/source/in'), 'publish')
    const ids = [
      await client.flows.duplicate.mutate({ id: 'source' }),
      await client.flows.duplicate.mutate({ id: 'source' }),
    ].map(({ id }) => id)
    expect(ids).toEqual(['source_copy', 'source_copy_2'])
    const copies = await Promise.all(ids.map((id) => client.flows.get.query({ id })))
    expect(copies.map(({ document }) => document.name)).toEqual(['source copy', 'source copy'])
    expect(copies.map(({ document }) => document.nodes[0]?.config.path)).toEqual([
      '/source/in-2',
      '/source/in-3',
    ])
    for (const id of ids) expect(await client.flows.publish.mutate({ id })).toEqual({ version: 1 })
  })

  test('templates are there, each makes flows that can be published, as often as it is used', async () => {
    const client = clientOf(ada)
    const templates = await client.templates.list.query()
    for (const { id } of [...templates, ...templates]) {
      const made = await client.flows.create.mutate({ template: id })
      expect(await client.flows.publish.mutate({ id: made.id })).toEqual({ version: 1 })
    }
    expect(await failure(client.flows.create.mutate({ template: 'nothing' }))).toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

describe('runs', () => {
  test('start, get, list, last input and last outputs', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, doubling('counted'))
    expect(await client.runs.lastInput.query({ flow: 'counted' })).toBeNull()
    const { id, number } = await client.runs.start.mutate({
      flow: 'counted',
      input: { n: 4 },
      version: 'draft',
    })
    await server.app.runtime.waitForEnd(id, 10_000)
    expect(await client.runs.get.query({ id })).toMatchObject({
      id,
      number,
      flow: 'counted',
      version: null,
      status: 'completed',
      cause: 'manual',
      input: { n: 4 },
      output: { doubled: 8 },
      document: { id: 'counted' },
    })
    const page = await client.runs.list.query({ flow: 'counted' })
    expect(page).toMatchObject({
      items: [{ id, status: 'completed', durationMs: expect.any(Number) }],
      cursor: null,
    })
    expect(await client.runs.lastInput.query({ flow: 'counted' })).toEqual({ input: { n: 4 } })
    expect(await client.runs.lastOutputs.query({ flow: 'counted' })).toEqual({
      trigger: { n: 4 },
      state: {},
      steps: { begin: { n: 4 }, double: { doubled: 8 } },
    })
  })

  test('the subscription tells every event once, also to one who comes back', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, asking('watched'))
    const { id } = await client.runs.start.mutate({ flow: 'watched', input: {} })
    const subscribe = (input: object) =>
      server.fetch(`/api/trpc/runs.events?input=${encodeURIComponent(JSON.stringify({ id, ...input }))}`, {
        headers: { ...ada.headers, accept: 'text/event-stream' },
      })
    const seqsIn = (events: { data?: string }[]) =>
      events
        .map((event) => JSON.parse(event.data || '{}'))
        .flatMap((data) => (data.kind === 'events' ? data.events : []))
        .map((event: { seq: number; type: string }) => event)
    const seen = await readStream(await subscribe({}), {
      until: (event) => event.data?.includes('step_waiting') ?? false,
    })
    const lastEventId = seen.findLast((event) => event.id)?.id
    await client.runs.answer.mutate({ id, step: 'ask', answer: { decision: 'approved' } })
    const rest = await readStream(await subscribe({ lastEventId }))
    const all = [...seqsIn(seen), ...seqsIn(rest)]
    expect(all.map((event) => event.seq)).toEqual(all.map((_, index) => index + 1))
    expect(all.at(-1)?.type).toBe('run_completed')
  })

  test('cancel', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, asking('stopped'))
    const { id } = await client.runs.start.mutate({ flow: 'stopped', input: {} })
    await client.runs.cancel.mutate({ id })
    expect(await server.app.runtime.waitForEnd(id, 10_000)).toMatchObject({ status: 'cancelled' })
  })
})

describe('roles', () => {
  test('a guest reads and changes nothing', async () => {
    const grace = await server.addTenant('grace')
    await server.addFlow(grace, doubling('readonly'))
    await server.app.db.drizzle.update(member).set({ role: 'guest' })
    server.app.authenticator.forget()
    try {
      const client = clientOf(grace)
      expect(await client.session.get.query()).toMatchObject({ role: 'guest' })
      expect(await client.flows.list.query()).toHaveLength(1)
      for (const call of [
        client.flows.create.mutate({}),
        client.flows.archive.mutate({ id: 'readonly' }),
        client.runs.start.mutate({ flow: 'readonly', input: {} }),
        client.shares.create.mutate({ flow: 'readonly' }),
      ]) {
        expect(await failure(call)).toMatchObject({
          code: 'FORBIDDEN',
          message: expect.stringContaining('role user'),
        })
      }
      const rest = await server.call(grace, '/api/v1/flows/readonly', { method: 'DELETE' })
      expect(rest.status).toBe(403)
    } finally {
      await server.app.db.drizzle.update(member).set({ role: 'owner' })
      server.app.authenticator.forget()
    }
  })
})

describe('share links', () => {
  test('show the flow to anyone until they are revoked, without what must stay inside', async () => {
    const client = clientOf(ada)
    const stranger = clientOf(null)
    const document = flowOf(
      'shown',
      [
        { id: 'hook', kind: 'webhook', config: { path: 'shown' } },
        {
          id: 'call',
          kind: 'http_request',
          config: {
            url: 'https://example.com',
            headers: { Authorization: 'Bearer l1teral', Accept: 'text/plain' },
          },
        },
      ],
      {},
    )
    await server.addFlow(ada, document)
    const { token, url } = await client.shares.create.mutate({ flow: 'shown' })
    expect(url).toBe(`http://localhost:3000/share/${token}`)
    const shown = await stranger.shares.get.query({ token })
    expect(shown).toMatchObject({ flowName: 'shown', run: null, document: { id: 'shown' } })
    expect(JSON.stringify(shown)).not.toContain('l1teral')
    expect(shown.document.nodes[0]?.config.path).toBe('•••')
    expect(await client.shares.list.query({ flow: 'shown' })).toMatchObject([{ token, url, run: null }])
    await client.shares.revoke.mutate({ token })
    expect(await failure(stranger.shares.get.query({ token }))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await client.shares.list.query({ flow: 'shown' })).toEqual([])
  })

  test('with a run show its history, but neither who acted nor what lets one act', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, asking('shown_run'))
    const { id } = await client.runs.start.mutate({ flow: 'shown_run', input: { a: 1 } })
    await server.app.runtime.waitForEnd(id, 100)
    await client.runs.answer.mutate({ id, step: 'ask', answer: 'approved' })
    await server.app.runtime.waitForEnd(id, 10_000)
    const { token } = await client.shares.create.mutate({ flow: 'shown_run', run: id })
    const { run } = await clientOf(null).shares.get.query({ token })
    expect(run).toMatchObject({ id, status: 'completed' })
    const waiting = run?.events.find((event) => event.type === 'step_waiting')
    expect(waiting?.data).not.toHaveProperty('token')
    expect(run?.events[0]?.data).not.toHaveProperty('user')
    expect(run?.events.map((event) => event.type)).toContain('answer_received')
    expect(JSON.stringify(run)).not.toContain(ada.email)
  })

  test('a run of another flow cannot ride along', async () => {
    const client = clientOf(ada)
    await server.addFlow(ada, doubling('first_flow'))
    await server.addFlow(ada, doubling('second_flow'))
    const { id } = await client.runs.start.mutate({ flow: 'first_flow', input: { n: 1 } })
    expect(await failure(client.shares.create.mutate({ flow: 'second_flow', run: id }))).toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})
