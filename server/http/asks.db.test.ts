import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { flowOf } from '../testing/flows'
import { answerLinkTasks } from '../runtime/answer-links'
import { startMailServer, type MailServer } from '../mail/testing/mail-server'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant
let post: MailServer
/** What the mail server says to the next messages, one each; then it takes them. */
const refusals: string[] = []

beforeAll(async () => {
  post = await startMailServer({
    onRcptTo(_address, _session, callback) {
      const refusal = refusals.shift()
      callback(
        refusal === undefined ? null : Object.assign(new Error(refusal), { responseCode: Number(refusal) }),
      )
    },
  })
  server = await testApp({ SMTP_URL: post.url, MILLRACE_URL: 'https://flows.example.com' })
  ada = await server.addTenant('ada')
})
afterAll(async () => {
  await server.close()
  await post.close()
})

/** Starts a run that asks, and gives the token of its link. */
async function asked(
  id: string,
  kind: 'ask' | 'approval',
  config: object,
): Promise<{ run: string; token: string }> {
  const document = flowOf(
    id,
    [
      { id: 's', kind: 'start' },
      { id: 'q', kind, config: { ...config } },
    ],
    {
      edges: [{ from: 's', to: 'q' }],
    },
  )
  await server.addFlow(ada, document, 'publish')
  const started = await server.call(ada, `/api/v1/flows/${id}/runs`, { body: { input: {}, wait: 0.2 } })
  const { id: run } = await started.json()
  const { items } = await (await server.call(ada, `/api/v1/runs/${run}/events`)).json()
  const waiting = items.find((event: { type: string }) => event.type === 'step_waiting')
  return { run, token: waiting.data.token }
}

const look = async (token: string) => (await server.fetch(`/api/v1/asks/${token}`)).json()
const say = async (token: string, body: unknown) => {
  const response = await server.fetch(`/api/v1/asks/${token}/answer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, code: (await response.json()).error?.code }
}
const outputOf = async (run: string) => {
  await server.app.runtime.waitForEnd(run, 10_000)
  return (await (await server.call(ada, `/api/v1/runs/${run}`)).json()).output
}

test('whoever has the link sees what is asked, answers once, and the run goes on', async () => {
  const { run, token } = await asked('offer', 'approval', { title: 'Send it?', message: 'To Acme.' })
  expect(await look(token)).toEqual({
    flowName: 'offer',
    title: 'Send it?',
    message: 'To Acme.',
    schema: null,
    choices: ['approved', 'rejected'],
    people: [],
    person: null,
    deadline: null,
    status: 'open',
  })
  expect(await say(token, 'perhaps')).toEqual({ status: 422, code: 'answer_invalid' })
  expect(await say(token, { decision: 'approved', comment: 'Go.' })).toMatchObject({ status: 202 })
  expect(await outputOf(run)).toMatchObject({ decision: 'approved', comment: 'Go.', by: null })
  expect(await look(token)).toMatchObject({ status: 'answered' })
  expect(await say(token, 'rejected')).toEqual({ status: 409, code: 'already_answered' })
})

test('a form by link is checked like any other', async () => {
  const fields = { type: 'object', properties: { seats: { type: 'integer' } }, required: ['seats'] }
  const { run, token } = await asked('seats', 'ask', { question: 'How many?', fields })
  expect(await look(token)).toMatchObject({ title: 'How many?', schema: fields })
  expect(await say(token, { seats: 'some' })).toEqual({ status: 422, code: 'answer_invalid' })
  expect((await say(token, { seats: 4 })).status).toBe(202)
  expect(await outputOf(run)).toEqual({ seats: 4 })
})

test('a link whose time is over says so', async () => {
  const { run, token } = await asked('late', 'approval', { title: 'Quick?', timeout: 'PT0.2S' })
  await server.app.runtime.waitForEnd(run, 10_000)
  expect(await look(token)).toMatchObject({ status: 'over' })
  expect(await say(token, 'approved')).toEqual({ status: 410, code: 'answer_expired' })
})

test('a question for certain people is not answered by a link', async () => {
  const { token } = await asked('board', 'approval', { title: 'Buy?', people: ['cfo@example.com'] })
  expect(await look(token)).toMatchObject({ people: ['cfo@example.com'], status: 'open' })
  expect(await say(token, 'approved')).toEqual({ status: 403, code: 'not_asked' })
})

test('a token that nobody made leads nowhere', async () => {
  expect((await server.fetch('/api/v1/asks/nothing')).status).toBe(404)
  expect(await say('nothing', 'x')).toEqual({ status: 404, code: 'not_found' })
})

describe('for people by name', () => {
  const people = ['cfo@example.com', 'Ceo@example.com']
  const at = (run: string) => `/api/v1/runs/${run}/people/q`
  const linkOf = async (run: string, person: string, tenant = ada) => {
    const response = await server.call(tenant, at(run), { body: { person } })
    return { status: response.status, body: await response.json() }
  }
  const tokenOf = (url: string) => url.replace('https://flows.example.com/answer/', '')
  const peopleAt = async (run: string) => (await (await server.call(ada, at(run))).json()).items
  const mailsTo = (person: string) => post.received.filter(({ to }) => to.includes(person))
  /** The link in the one mail that a person was sent. */
  const mailed = async (person: string) => {
    await expect.poll(() => mailsTo(person).length).toBe(1)
    const source = mailsTo(person)[0]?.source.replace(/=\r\n/g, '') ?? ''
    return tokenOf(/https:\S+\/answer\/\S+/.exec(source)?.[0] ?? '')
  }

  test('a link of their own answers as that person, once', async () => {
    const { run } = await asked('pay', 'approval', { title: 'Pay?', people, rule: 'all' })
    const { status, body } = await linkOf(run, 'CFO@example.com')
    expect([status, body]).toEqual([200, { url: expect.any(String) }])
    const token = tokenOf(body.url)
    expect((await linkOf(run, 'cfo@example.com')).body).toEqual(body)
    expect(await look(token)).toMatchObject({
      title: 'Pay?',
      people,
      person: 'cfo@example.com',
      status: 'open',
    })
    expect((await say(token, { decision: 'approved' })).status).toBe(202)
    expect(await look(token)).toMatchObject({ status: 'answered' })
    expect(await say(token, 'rejected')).toMatchObject({ status: 409, code: 'already_answered' })
    expect(await peopleAt(run)).toMatchObject([
      { person: 'cfo@example.com', hasAnswered: true },
      { person: 'Ceo@example.com', hasAnswered: false },
    ])
    const other = tokenOf((await linkOf(run, 'ceo@example.com')).body.url)
    expect(await look(other)).toMatchObject({ status: 'open' })
    expect((await say(other, 'approved')).status).toBe(202)
    expect(await outputOf(run)).toMatchObject({ decision: 'approved', by: 'Ceo@example.com' })
    expect((await linkOf(run, 'ceo@example.com')).status).toBe(409)
  })

  test('nobody who is not asked has one', async () => {
    const { run } = await asked('buy', 'approval', { title: 'Buy?', people })
    expect(await linkOf(run, 'eve@example.com')).toMatchObject({ status: 404 })
    const { run: open } = await asked('any', 'approval', { title: 'Anyone?' })
    expect(await peopleAt(open)).toEqual([])
    expect(await linkOf(open, 'cfo@example.com')).toMatchObject({ status: 404 })
    expect(mailsTo('cfo@example.com')).toEqual([])
  })

  test('each is sent it by mail, one for each wait, and answers by it', async () => {
    const config = {
      title: 'Ship\nit?',
      message: '<b>Today</b>',
      people: ['ann@mail.test', 'ben@mail.test'],
      rule: 'all',
      mail: true,
    }
    const { run } = await asked('ship', 'approval', config)
    const [ann, ben] = [await mailed('ann@mail.test'), await mailed('ben@mail.test')]
    expect(mailsTo('ann@mail.test')[0]?.source).toContain('Subject: Ship it?')
    expect(await look(ann)).toMatchObject({ person: 'ann@mail.test', status: 'open' })
    await expect
      .poll(async () => (await peopleAt(run)).map(({ mail }: { mail: string }) => mail))
      .toEqual(['sent', 'sent'])
    // The step waits again for the second, by the same wait.
    expect((await say(ann, 'approved')).status).toBe(202)
    expect((await say(ben, 'approved')).status).toBe(202)
    expect(await outputOf(run)).toMatchObject({ by: 'ben@mail.test' })
    expect([mailsTo('ann@mail.test').length, mailsTo('ben@mail.test').length]).toEqual([1, 1])
  })

  test('a mail that was refused for now is sent later, one that was refused for good is told', async () => {
    refusals.push('451', '550')
    const config = { title: 'Again?', people: ['late@mail.test', 'gone@mail.test'], mail: true }
    const { run } = await asked('again', 'approval', config)
    await expect
      .poll(async () => await peopleAt(run), { timeout: 10_000 })
      .toMatchObject([
        { mail: 'sent', problem: null },
        { mail: 'failed', problem: expect.stringContaining('refused') },
      ])
    expect([mailsTo('late@mail.test').length, mailsTo('gone@mail.test').length]).toEqual([1, 0])
  })

  test('a process that died while it sent leaves a mail that is not sent twice', async () => {
    const { run, token: wait } = await asked('died', 'approval', {
      title: 'Twice?',
      people: ['one@mail.test'],
      mail: true,
    })
    await mailed('one@mail.test')
    await expect.poll(async () => (await peopleAt(run))[0].mail).toBe('sent')
    // As it is between the hand-over and the note of it.
    await server.app.db.pool.query(`update answer_link set mail = 'sending' where run = $1`, [run])
    const tasks = answerLinkTasks({ db: server.app.db, services: server.app.services })
    await tasks.mail_answer_links({ wait })
    expect(mailsTo('one@mail.test')).toHaveLength(1)
    expect(await peopleAt(run)).toMatchObject([
      { mail: 'sending', problem: expect.stringContaining('not sent again') },
    ])
    // What was sent is told as sent, however often it is looked after.
    await server.app.db.pool.query(`update answer_link set mail = 'sent', problem = null where run = $1`, [
      run,
    ])
    await tasks.mail_answer_links({ wait })
    expect(await peopleAt(run)).toMatchObject([{ mail: 'sent', problem: null }])
  })
})
