import { afterAll, beforeAll, expect, test } from 'vitest'
import { listRuns } from '@/db/runs'
import { publishFlow } from '@/db/versions'
import type { HttpRequest, MailMessage } from '@/nodes/step'
import { effect, flowOf, transform } from './testing/flows'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

const mails: MailMessage[] = []
const posts: HttpRequest[] = []
const lend = {
  mail: async (message: MailMessage) => {
    mails.push(message)
    return { messageId: message.messageId, accepted: [message.to], rejected: [] }
  },
  http: async (request: HttpRequest) => {
    posts.push(request)
    return { status: 204, headers: {}, body: new Uint8Array() }
  },
}

let bench: TestRuntime
beforeAll(async () => (bench = await testRuntime({ lend, publicUrl: 'https://flows.example.com' })))
afterAll(() => bench.close())

const workspaceId = 'workspace_of_tests'
const failing = (id: string, onFailure: { notify?: string; flow?: string }) =>
  flowOf(id, [transform('judge', '$error("no")')], { name: `The ${id}`, settings: { onFailure } })

async function eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const endsAt = performance.now() + 10_000; performance.now() < endsAt;) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('It did not happen within 10 s.')
}

test('a failure is told by mail to the address that the setting gives for this run', async () => {
  await bench.store(failing('mailed', { notify: '${ trigger.owner }@example.com' }))
  const { runId } = await bench.start('mailed', { owner: 'ada' })
  const mail = await eventually(() => mails.find(({ to }) => to === 'ada@example.com'))
  expect(mail.subject).toBe('Run 1 of The mailed failed')
  expect(mail.body).toContain(`https://flows.example.com/flows/mailed/runs/${runId}`)
  expect(mail.body).toContain('judge')
})

test('or posted to an address, with what failed and where', async () => {
  await bench.store(failing('posted', { notify: 'https://hooks.example.com/failed' }))
  const { runId } = await bench.start('posted')
  const post = await eventually(() => posts.find(({ url }) => url === 'https://hooks.example.com/failed'))
  expect(JSON.parse(post.body ?? '')).toMatchObject({
    run: { id: runId, number: 1 },
    flow: { id: 'posted', name: 'The posted' },
    error: { code: 'expression_failed', step: 'judge', attempt: 1 },
  })
})

test('the flow for failures starts once with what failed, and its own failure starts no other', async () => {
  const incident = failing('incident', { flow: 'incident' })
  await bench.store(incident)
  await publishFlow(bench.t.db, workspaceId, 'incident', [])
  await bench.store(failing('watched', { flow: 'incident' }))
  const { runId } = await bench.start('watched', { order: 7 })
  const run = await eventually(
    async () => (await listRuns(bench.t.db, workspaceId, { flowId: 'incident' }))[0],
  )
  await bench.end(run.id)
  const [started] = await bench.historyOf(run.id)
  expect(started?.data).toMatchObject({
    cause: 'incident',
    trigger: { run: { id: runId }, error: { step: 'judge' }, flow: { id: 'watched' }, input: { order: 7 } },
  })
  // Jobs come in order: when a later failure has been looked after, a second one of the first would have been, too.
  const other = await bench.start('watched')
  await bench.end(other.runId)
  const runs = await eventually(async () => {
    const found = await listRuns(bench.t.db, workspaceId, { flowId: 'incident' })
    return found.length > 1 ? found : undefined
  })
  expect(runs).toHaveLength(2)
})

test('a run past its time limit fails, also while it is parked', async () => {
  const wait = { id: 'pause', kind: 'wait', config: { for: 'PT1H' } }
  await bench.store(flowOf('limited', [wait], { settings: { timeout: 'PT0.2S' } }))
  const { runId } = await bench.start('limited')
  expect(await bench.end(runId)).toMatchObject({ status: 'failed', error: { code: 'run_timeout' } })
})

test('steps without a retry policy of their own have that of the flow', async () => {
  const other = await testRuntime()
  try {
    await other.store(
      flowOf('retried', [effect('shaky', 'failing=2')], {
        settings: { retry: { maxAttempts: 3, interval: 'PT0.01S' } },
      }),
    )
    const { runId } = await other.start('retried')
    expect(await other.end(runId)).toMatchObject({ status: 'completed' })
  } finally {
    await other.close()
  }
})
