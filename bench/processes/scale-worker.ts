import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { z } from 'zod'
import { openDatabase } from '@/db/client'
import { createRuntime } from '@/server/runtime/runtime'
import { instantServices } from '../flows'

/*
 * A worker for bench/scale.ts, every effect of which takes 10 ms. Told `lanes` and `forMs`, it keeps that many runs going for
 * that long, and tells how many ended and the processor time that they took.
 */

const order = z.object({ flowId: z.string(), lanes: z.int(), forMs: z.number() })
const db = openDatabase(process.env.DATABASE_URL ?? '')
const services = instantServices(async () => {
  await delay(10)
})
const runtime = await createRuntime({
  db,
  services: () => services,
  log: pino({ level: 'error' }),
  role: 'worker',
})
process.on('message', (message) => void load(order.parse(message)))
process.send?.({ ended: 0, cpuMs: 0 })

async function load({ flowId, lanes, forMs }: z.infer<typeof order>): Promise<void> {
  const before = process.cpuUsage()
  const endsAt = performance.now() + forMs
  let ended = 0
  const lane = async () => {
    while (performance.now() < endsAt) {
      const { finished } = await runtime.start({
        workspaceId: process.env.WORKSPACE ?? '',
        flowId,
        version: 'live',
        input: {},
        cause: 'bench',
        mode: 'inline',
      })
      const result = await finished
      if (result?.status !== 'completed') throw new Error(`A run ended ${result?.status}.`)
      ended++
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const { user, system } = process.cpuUsage(before)
  process.send?.({ ended, cpuMs: (user + system) / 1_000 })
}
