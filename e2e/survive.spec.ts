import { test, expect } from '@playwright/test'
import { removeData, startMillrace, type Millrace } from './fixtures/millrace'
import { startReceiver } from './fixtures/receiver'

/* The server is killed without warning in the middle of a run and started again: the run goes on by itself. */

const owner = { username: 'ana@example.com', password: 'correct horse battery' }
const env = { MILLRACE_SETUP: `${owner.username}:${owner.password}`, MILLRACE_HTTP_ALLOW: '127.0.0.1' }

test('a run survives kill -9 and sends nothing twice', async () => {
  test.setTimeout(150_000)
  const receiver = await startReceiver({ ok: true }, 1_500)
  let millrace = await startMillrace({ env })
  const { dataDir } = millrace
  try {
    const token = await signIn(millrace)
    const ask = callWith(millrace, token)
    await ask('POST', '/api/v1/flows', flow(receiver.url))
    const started = await ask('POST', '/api/v1/flows/survivor/runs', { version: 'draft', input: {} })
    await expect.poll(() => receiver.ledger.length, { intervals: [20] }).toBe(2)
    await millrace.kill9()

    millrace = await startMillrace({ dataDir, env })
    const again = callWith(millrace, await signIn(millrace))
    const read = async () => (await again('GET', `/api/v1/runs/${started.id}`)) as Run
    await expect.poll(async () => (await read()).status, { timeout: 30_000 }).toBe('completed')

    const run = await read()
    expect(run.steps.map((step) => [step.node, step.status])).toEqual([
      ['start', 'completed'],
      ['first', 'completed'],
      ['second', 'completed'],
      ['third', 'completed'],
    ])
    const sent = (path: string) => receiver.ledger.filter((each) => each.path === path)
    expect(sent('/first')).toHaveLength(1)
    expect(sent('/third')).toHaveLength(1)
    // The one in flight when the process died may come once more, and then with the same key.
    expect(new Set(sent('/second').map((each) => each.key)).size).toBe(1)
    expect(sent('/second').length).toBeLessThanOrEqual(2)
  } finally {
    await millrace.stop()
    await removeData(dataDir)
    await receiver.close()
  }
})

interface Run {
  id: string
  status: string
  steps: { node: string; status: string }[]
}

function flow(receiver: string): object {
  const put = (id: string) => ({
    id,
    kind: 'http_request',
    config: { method: 'PUT', url: `${receiver}/${id}` },
  })
  const ids = ['start', 'first', 'second', 'third']
  return {
    millrace: 1,
    id: 'survivor',
    name: 'Survivor',
    nodes: [{ id: 'start', kind: 'start' }, put('first'), put('second'), put('third')],
    edges: ids.slice(1).map((to, index) => ({ from: ids[index], to })),
  }
}

async function signIn({ url }: Millrace): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(owner),
  })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { access_token: string }).access_token
}

function callWith({ url }: Millrace, token: string) {
  return async (method: string, path: string, body?: object): Promise<Run> => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    expect(answer.ok, `${method} ${path} answered ${answer.status}`).toBe(true)
    return (await answer.json()) as Run
  }
}
