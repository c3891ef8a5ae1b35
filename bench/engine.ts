import { pino } from 'pino'
import { publishFlow } from '@/db/versions'
import { createRuntime } from '@/server/runtime/runtime'
import { benchDatabase } from './database'
import { effect, instantServices, storeFlow, type NodeInput } from './flows'
import type { Row } from './table'

const atOnce = 32
const warmUpMs = 2_000
const measuredMs = 6_000

/** Runs a second of flows with 6 pure and 2 effect steps, 32 at once, in this process. */
export async function run(): Promise<Row[]> {
  const database = await benchDatabase()
  const { db, workspaceId } = database
  const services = instantServices()
  const runtime = await createRuntime({
    db,
    services: () => services,
    log: pino({ level: 'warn' }),
    role: 'all',
  })
  const pure = (id: string): NodeInput => ({
    id,
    kind: 'transform',
    config: { expression: '{ "n": trigger.n + 1 }' },
  })
  const mixed = await storeFlow(database, 'mixed', [
    pure('a'),
    pure('b'),
    effect('first'),
    pure('c'),
    pure('d'),
    effect('second'),
    pure('e'),
    pure('f'),
  ])
  const onlyPure = await storeFlow(database, 'only_pure', ['a', 'b', 'c', 'd', 'e', 'f'].map(pure))
  const longer = await storeFlow(
    database,
    'longer',
    Array.from({ length: 66 }, (_, n) => pure(`p${n}`)),
  )

  async function one(flowId: string): Promise<void> {
    const { finished } = await runtime.start({
      workspaceId,
      flowId,
      version: 'live',
      input: { n: 1 },
      cause: 'bench',
      mode: 'inline',
    })
    const result = await finished
    if (result?.status !== 'completed')
      throw new Error(`A run ended ${result?.status}: ${result?.error?.message}`)
  }

  async function perSecond(flowId: string, concurrency: number, forMs: number): Promise<number> {
    const begunAt = performance.now()
    let ended = 0
    const lane = async () => {
      while (performance.now() - begunAt < forMs) {
        await one(flowId)
        ended++
      }
    }
    await Promise.all(Array.from({ length: concurrency }, lane))
    return (ended * 1_000) / (performance.now() - begunAt)
  }

  for (const flowId of [mixed, onlyPure, longer]) await publishFlow(db, workspaceId, flowId, [])
  await perSecond(mixed, atOnce, warmUpMs)
  const mixedRate = await perSecond(mixed, atOnce, measuredMs)
  const pureRate = await perSecond(onlyPure, atOnce, measuredMs / 2)
  await perSecond(longer, atOnce, warmUpMs / 2)
  const longerRate = await perSecond(longer, atOnce, measuredMs / 2)
  const alone = await perSecond(mixed, 1, measuredMs / 2)
  const pureAlone = await perSecond(onlyPure, 1, measuredMs / 2)
  await runtime.stop()
  await database.drop()
  return [
    { what: 'runs of 6 pure + 2 effect steps, 32 at once', value: mixedRate, unit: 'runs/s', aim: 2_500 },
    { what: 'runs of 6 pure steps, 32 at once', value: pureRate, unit: 'runs/s' },
    { what: 'cost of one more pure step', value: (1e6 / longerRate - 1e6 / pureRate) / 60, unit: 'µs' },
    {
      what: 'cost of one more effect, 32 at once',
      value: (1e3 / mixedRate - 1e3 / pureRate) / 2,
      unit: 'ms',
    },
    {
      what: 'cost of one more effect, one run at a time',
      value: (1e3 / alone - 1e3 / pureAlone) / 2,
      unit: 'ms',
    },
    { what: 'one run of 6 pure + 2 effect steps, alone', value: 1e3 / alone, unit: 'ms' },
  ]
}
