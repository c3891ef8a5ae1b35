import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, createServer, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { documentSchema, type FlowDocumentInput } from '@/flow/document'
import { startMillrace, type Millrace } from './peers/millrace'
import type { Row } from './table'

/*
 * 200 conversations at once with one process, over HTTP, with a model that takes 200 ms for each answer. Half of them are a
 * run for each message, half are one run that asks again and again and is parked in between. People pause between an answer
 * and their next message; this process, the model, PostgreSQL and Millrace share the machine.
 */

const conversations = 200
const modelMs = 200
const turnsEach = 8
/** What people need at least to read an answer and to type the next message, and less than that. */
const pauseMs = 5_000
const shortPauseMs = 2_000
/** All of it again, without pauses, until this many turns are done; by the first figure every cache is full. */
const soakTurns = 10_000
const warmTurns = 4_000
const soakAtOnce = 50

export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'))
  const model = await startModel()
  const millrace = await startMillrace(path.join(folder, 'millrace'), {
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: model.url,
    MILLRACE_HTTP_ALLOW: '127.0.0.1',
  })
  try {
    await millrace.publish(perMessage())
    await millrace.publish(parked())
    await together(20, (index) => converse(millrace, flowOf(index), 5, 0))
    const paced = (restMs: number) =>
      together(conversations, async (index) => {
        await delay((index / conversations) * restMs)
        return converse(millrace, flowOf(index), turnsEach, restMs)
      })
    const calm = await paced(pauseMs)
    const hasty = await paced(shortPauseMs)
    const burst = await together(conversations, (index) => converse(millrace, flowOf(index), 1, 0))
    const before = await residentMb(millrace.pid, () => soak(millrace, warmTurns))
    const after = await residentMb(millrace.pid, () => soak(millrace, soakTurns - warmTurns))
    return [
      {
        what: `Turn of ${conversations} conversations, pauses of ${pauseMs / 1_000} s, p50`,
        value: at(calm, 0.5),
        unit: 'ms',
        better: 'less',
      },
      { what: 'The same, p99', value: at(calm, 0.99), unit: 'ms', better: 'less' },
      { what: 'The same, slowest', value: at(calm, 1), unit: 'ms', aim: 400, better: 'less' },
      {
        what: `The same with pauses of ${shortPauseMs / 1_000} s, p50`,
        value: at(hasty, 0.5),
        unit: 'ms',
        better: 'less',
      },
      { what: 'The same, slowest', value: at(hasty, 1), unit: 'ms', better: 'less' },
      {
        what: `First turns of ${conversations} at the same instant, slowest`,
        value: at(burst, 1),
        unit: 'ms',
        better: 'less',
      },
      { what: `Memory after ${warmTurns} turns`, value: before, unit: 'MB', better: 'less' },
      {
        what: `Growth until ${soakTurns} turns`,
        value: Math.max(0, after - before),
        unit: 'MB',
        aim: 30,
        better: 'less',
      },
    ]
  } finally {
    await millrace.stop()
    await model.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const flowOf = (index: number) => (index % 2 === 0 ? 'per_message' : 'parked')

/** Gives how long each turn took, in milliseconds. */
async function converse(millrace: Millrace, flow: string, turns: number, restMs: number): Promise<number[]> {
  const times: number[] = []
  let thread: string | null = null
  for (let turn = 0; turn < turns; turn++) {
    if (turn > 0) await delay(restMs)
    const begunAt = performance.now()
    const said = { user_prompt: `Message ${turn}`, conversation_flow: flow, thread_id: thread }
    const { status, body } = await say(millrace, JSON.stringify(said))
    times.push(performance.now() - begunAt)
    if (status !== 200 || body.agent_response !== 'Well said.') {
      throw new Error(`A turn gave ${status} ${JSON.stringify(body)}`)
    }
    thread = body.thread_id
  }
  return times
}

const connections = new Agent({ keepAlive: true })

/** By the plainest client there is: it shares two cores with what is measured. */
async function say(
  { url, token }: Millrace,
  body: string,
): Promise<{ status: number | undefined; body: { thread_id: string; agent_response: string } }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const sent = request(`${url}/api/v1/chat`, { method: 'POST', agent: connections, headers })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: answer.statusCode, body: JSON.parse(await text(answer)) }
}

async function soak(millrace: Millrace, turns: number): Promise<void> {
  const each = turns / soakAtOnce
  await together(soakAtOnce, (index) => converse(millrace, flowOf(index), each, 0))
}

async function together(count: number, talk: (index: number) => Promise<number[]>): Promise<number[]> {
  return (await Promise.all(Array.from({ length: count }, (_, index) => talk(index)))).flat()
}

/** Of the process after `work`, when it has had a while to tidy up. */
async function residentMb(pid: number, work: () => Promise<void>): Promise<number> {
  await work()
  await delay(5_000)
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024
}

function at(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

const agent = { model: 'openai/bench', instructions: 'Answer.', prompt: '${ input }' }

function perMessage(): FlowDocumentInput {
  return documentSchema.parse({
    millrace: 1,
    id: 'per_message',
    name: 'A run for each message',
    nodes: [
      { id: 'chat', kind: 'chat' },
      { id: 'agent', kind: 'agent', config: { ...agent, prompt: '${ trigger.message }' } },
    ],
    edges: [{ from: 'chat', to: 'agent' }],
  })
}

function parked(): FlowDocumentInput {
  return documentSchema.parse({
    millrace: 1,
    id: 'parked',
    name: 'A run that asks again and again',
    nodes: [
      { id: 'chat', kind: 'chat' },
      { id: 'first', kind: 'agent', config: { ...agent, prompt: '${ trigger.message }' } },
      { id: 'ask', kind: 'ask', config: { question: '${ input }', channel: 'chat' } },
      { id: 'agent', kind: 'agent', config: agent },
      { id: 'again', kind: 'ask', config: { question: '${ input }', channel: 'chat' } },
      { id: 'back', kind: 'jump', config: { to: 'agent', atMost: 900 } },
    ],
    edges: [
      { from: 'chat', to: 'first' },
      { from: 'first', to: 'ask' },
      { from: 'ask', port: 'answered', to: 'agent' },
      { from: 'agent', to: 'again' },
      { from: 'again', port: 'answered', to: 'back' },
    ],
  })
}

/** Speaks OpenAI's chat completions, and thinks for a while. */
async function startModel(): Promise<{ url: string; close(): Promise<void> }> {
  const chunk = (choice: object) =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [choice] })}\n\n`
  const server = createServer((request, response) => {
    void text(request).then(async () => {
      await delay(modelMs)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(chunk({ index: 0, delta: { content: 'Well said.' }, finish_reason: null }))
      response.write(chunk({ index: 0, delta: {}, finish_reason: 'stop' }))
      response.end('data: [DONE]\n\n')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
