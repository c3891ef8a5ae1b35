import { pino } from 'pino'
import { z } from 'zod'
import { appendBatch } from '@/db/append'
import { openDatabase } from '@/db/client'
import { createRuntime, type Runtime } from '@/server/runtime/runtime'
import { receivedServices } from '../received-services'

/*
 * A worker that the faults kill. Loads, and waits for the word `go`, so that a fresh one takes over at once; then tells
 * `ready`. Effects go to the receiver, which keeps the ledger.
 */

const order = z
  .object({
    name: z.string(),
    url: z.string(),
    socketPath: z.string(),
    role: z.enum(['all', 'web', 'worker']),
    /** How far its clock is off. */
    skewMs: z.number().default(0),
    /** Ends itself around its n-th append. */
    crash: z.object({ when: z.enum(['before', 'after']), append: z.int() }).optional(),
  })
  .parse(JSON.parse(process.env.CHAOS_ORDER ?? ''))

const wordSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('go') }),
  z.object({ type: z.literal('start'), workspaceId: z.string(), flow: z.string(), count: z.int() }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('usage') }),
])

if (order.skewMs !== 0) {
  const now = Date.now.bind(Date)
  Date.now = () => now() + order.skewMs
}

const db = openDatabase(order.url)
let runtime: Runtime | null = null
let appends = 0

process.on('message', (message) => void obey(wordSchema.parse(message)))
process.on('disconnect', () => process.exit(0))
process.send?.({ type: 'loaded' })

async function obey(word: z.infer<typeof wordSchema>): Promise<void> {
  if (word.type === 'go') {
    const services = receivedServices(db, order)
    runtime = await createRuntime({
      db,
      services: () => services,
      log: pino({ level: process.env.CHAOS_LOG ?? 'fatal' }),
      role: order.role,
      append,
    })
    process.send?.({ type: 'ready', worker: runtime.health().worker })
  } else if (word.type === 'start') {
    const { workspaceId, flow: flowId, count } = word
    const one = () =>
      runtime?.start({ workspaceId, flowId, version: 'draft', input: {}, cause: 'test', mode: 'inline' })
    const runs = await Promise.all(Array.from({ length: count }, one))
    process.send?.({ type: 'started', runs: runs.map((run) => run?.runId) })
  } else if (word.type === 'usage') {
    process.send?.({ type: 'usage', cpu: process.cpuUsage(), memory: process.memoryUsage().rss })
  } else {
    await runtime?.stop()
    process.exit(0)
  }
}

async function append(...batch: Parameters<typeof appendBatch>): ReturnType<typeof appendBatch> {
  appends++
  if (order.crash?.append === appends && order.crash.when === 'before') die()
  const applied = await appendBatch(...batch)
  if (order.crash?.append === appends && order.crash.when === 'after') die()
  return applied
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable')
}
