import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendBatch, type Append, type WaitChange } from './append'
import { testDatabase, type TestDatabase } from './testing/database'
import { deliverAnswer, getWait, listArrived } from './waits'

let t: TestDatabase
beforeAll(async () => {
  t = await testDatabase()
})
afterAll(() => t.drop())

const step = 'ask'

/** A run that asks people in turn, by the statements that its owner sends. */
function asking(channel: 'chat' | 'form') {
  const run = randomUUID()
  const { workspaceId } = t
  let seq = 0
  const token = randomUUID()
  const open: WaitChange['open'] = {
    token,
    kind: 'answer',
    name: null,
    key: null,
    askText: JSON.stringify(channel === 'chat' ? { title: 'And?', channel } : { title: 'And?' }),
    deadlineAtMs: null,
  }
  async function append(change: Omit<WaitChange, 'step'>) {
    const wanted: Append = {
      run,
      workspaceId,
      epoch: 1,
      expectedSeq: seq,
      lastSeq: ++seq,
      create:
        seq > 1
          ? null
          : {
              flowId: 'talk',
              versionId: randomUUID(),
              number: Math.floor(Math.random() * 1e9),
              cause: 'test',
              inputText: '{}',
              person: null,
              thread: null,
              idempotencyKey: null,
              priority: 0,
              startedAtMs: Date.now(),
              deadlineAtMs: null,
              startText: null,
              slot: null,
            },
      events: [],
      status: null,
      outputText: null,
      errorText: null,
      httpStatus: null,
      endedAtMs: null,
      release: false,
      progress: false,
      tokens: 0,
      modelCalls: [],
      waits: [{ step, ...change }],
      blobs: [],
      jobs: [],
      dropJobs: [],
      calls: [],
      endedCallOf: null,
      heardCalls: [],
    }
    expect([...(await appendBatch(t.db.pool, 1, [wanted]))]).toEqual([0])
  }
  return {
    ask: (heard = false) => append({ heard, closed: false, open }),
    hear: () => append({ heard: true, closed: false, open: null }),
    close: () => append({ heard: false, closed: true, open: null }),
    answer: (person: string, answer: string) =>
      deliverAnswer(t.db, workspaceId, { run, step, person, answer }),
    inbox: async () => (await listArrived(t.db.pool, [run])).map(({ resolution }) => resolution),
    wait: () => getWait(t.db, workspaceId, run, step),
  }
}

test.each(['chat', 'form'] as const)(
  'an answer that comes while the first one is thought about is not lost when the step asks again (%s)',
  async (channel) => {
    const { ask, hear, answer, inbox, wait } = asking(channel)
    await ask()
    expect(await answer('ana', 'one')).toBe(true)
    await hear()
    expect(await answer('ben', 'two')).toBe(true)
    await ask()
    expect(await inbox()).toMatchObject([{ by: 'answer', person: 'ben', answer: 'two' }])
    expect(await wait()).toMatchObject({
      pending: true,
      closed: false,
      // In a conversation whoever spoke before may speak again, but not twice in one turn.
      answeredBy: channel === 'chat' ? ['ben'] : ['ana', 'ben'],
    })
    expect(await answer('ben', 'again')).toBe(false)
    await hear()
    expect(await inbox()).toEqual([])
  },
)

test('an answer that is heard in the moment in which the step asks again is not heard twice', async () => {
  const { ask, answer, inbox, wait } = asking('chat')
  await ask()
  expect(await answer('ana', 'one')).toBe(true)
  await ask(true)
  expect(await inbox()).toEqual([])
  expect(await wait()).toMatchObject({ pending: false, answeredBy: [] })
  expect(await answer('ana', 'two')).toBe(true)
})

test('what came for a question that was closed is no answer to the one asked later', async () => {
  const { ask, close, answer, inbox, wait } = asking('form')
  await ask()
  expect(await answer('ana', 'one')).toBe(true)
  await close()
  await ask()
  expect(await inbox()).toEqual([])
  expect(await wait()).toMatchObject({ pending: false, closed: false })
})
