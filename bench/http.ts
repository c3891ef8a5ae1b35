import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { documentSchema, type FlowDocumentInput } from '@/flow/document'
import { startMillrace } from './peers/millrace'
import { installPeers, startNodeRed } from './peers/node-red'
import type { Row } from './table'

/*
 * The same flow of ten steps served over HTTP by Millrace, durable with its full history, and by Node-RED, which keeps
 * nothing: webhook, six JSONata transforms, a switch, an answer. Same machine, same run, in turns.
 */

const transforms = [
  '{ "id": input.body.id, "lines": input.body.lines }',
  '$merge([input, { "total": $sum(input.lines.(price * quantity)) }])',
  '$merge([input, { "tax": input.total * 0.21 }])',
  '$merge([input, { "gross": input.total + input.tax }])',
  '$merge([input, { "count": $count(input.lines) }])',
  '{ "id": input.id, "gross": $round(input.gross, 2), "count": input.count }',
]
const big = 'input.gross > 100'

const order = {
  id: 7,
  lines: [
    { price: 12.5, quantity: 4 },
    { price: 80, quantity: 1 },
    { price: 3.2, quantity: 10 },
  ],
}
const expected = { size: 'big', order: { id: 7, gross: 196.02, count: 3 } }

const warmUpS = 4
const measureS = 10
const rounds = 2
const connections = [16, 64]

export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'))
  const stops: (() => Promise<void>)[] = []
  try {
    installPeers(folder)
    const nodeRed = await startNodeRed(folder, transforms, big)
    stops.push(() => nodeRed.stop())
    const millrace = await startMillrace(path.join(folder, 'millrace'))
    stops.push(() => millrace.stop())
    await millrace.publish(flow())
    const urls = { millrace: `${millrace.url}/hooks/orders`, nodeRed: nodeRed.url }
    for (const url of Object.values(urls)) await expectAnswer(url)
    for (const url of Object.values(urls)) await load(folder, url, 16, warmUpS)
    const rows: Row[] = []
    for (const count of connections) {
      const ours: Load[] = []
      const theirs: Load[] = []
      for (let round = 0; round < rounds; round++) {
        theirs.push(await load(folder, urls.nodeRed, count, measureS))
        ours.push(await load(folder, urls.millrace, count, measureS))
      }
      const peer = mean(theirs.map((each) => each.perSecond))
      rows.push(
        { what: `Node-RED, ${count} connections`, value: peer, unit: 'req/s' },
        {
          what: `Millrace, ${count} connections`,
          value: mean(ours.map((each) => each.perSecond)),
          unit: 'req/s',
          aim: peer,
        },
        {
          what: `Node-RED p99, ${count} connections`,
          value: mean(theirs.map((each) => each.p99Ms)),
          unit: 'ms',
        },
        {
          what: `Millrace p99, ${count} connections`,
          value: mean(ours.map((each) => each.p99Ms)),
          unit: 'ms',
          better: 'less',
          ...(count === 16 ? { aim: 60 } : {}),
        },
      )
    }
    return rows
  } finally {
    for (const stop of stops.reverse()) await stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function flow(): FlowDocumentInput {
  const steps = transforms.map((expression, index) => ({
    id: `t${index}`,
    kind: 'transform',
    config: { expression },
  }))
  const answer = (size: string) => ({
    id: size,
    kind: 'complete',
    config: { output: { size, order: '${ input }' } },
  })
  const chain = ['webhook', ...steps.map((step) => step.id), 'switch']
  return documentSchema.parse({
    millrace: 1,
    id: 'orders',
    name: 'Orders',
    nodes: [
      { id: 'webhook', kind: 'webhook', config: { path: 'orders', method: 'POST', respond: 'end' } },
      ...steps,
      { id: 'switch', kind: 'switch', config: { cases: [{ port: 'big', when: big }] } },
      answer('big'),
      answer('small'),
    ],
    edges: [
      ...chain.slice(1).map((to, index) => ({ from: chain[index] ?? '', port: 'done', to })),
      { from: 'switch', port: 'big', to: 'big' },
      { from: 'switch', port: 'default', to: 'small' },
    ],
  })
}

/** Both must do the work before their speed means anything. */
async function expectAnswer(url: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
  const text = await answer.text()
  if (answer.status !== 200 || JSON.stringify(JSON.parse(text)) !== JSON.stringify(expected)) {
    throw new Error(`${url} answered ${answer.status} ${text} instead of ${JSON.stringify(expected)}`)
  }
}

interface Load {
  perSecond: number
  p99Ms: number
}

const resultSchema = z.object({
  requests: z.object({ average: z.number() }),
  latency: z.object({ p99: z.number() }),
  non2xx: z.number(),
  errors: z.number(),
})

async function load(folder: string, url: string, count: number, seconds: number): Promise<Load> {
  const program = path.join(folder, 'node_modules', 'autocannon', 'autocannon.js')
  const args = [program, '-j', '-n', '-c', `${count}`, '-d', `${seconds}`, '-m', 'POST']
  args.push('-H', 'content-type=application/json', '-b', JSON.stringify(order), url)
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 24 })
  const result = resultSchema.parse(JSON.parse(stdout))
  if (result.non2xx + result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} refused and ${result.errors} broken answers under load.`)
  }
  return { perSecond: result.requests.average, p99Ms: result.latency.p99 }
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
