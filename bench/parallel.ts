import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { createRuntime } from '@/server/runtime/runtime'
import { benchDatabase } from './database'
import { effect, instantServices, storeFlow } from './flows'
import { quantile, type Row } from './table'

/** Three steps of 1 s side by side: by effects, and by waits. */
export async function run(): Promise<Row[]> {
  const database = await benchDatabase()
  const { db, workspaceId } = database
  const services = instantServices(async () => {
    await delay(1_000)
  })
  const runtime = await createRuntime({
    db,
    services: () => services,
    log: pino({ level: 'warn' }),
    role: 'all',
  })
  const branches = ['a', 'b', 'c']
  const edges = branches.flatMap((id) => [
    { from: 'start', to: id },
    { from: id, to: 'meet' },
  ])
  const meet = { id: 'meet', kind: 'join' }
  await storeFlow(database, 'effects', [...branches.map(effect), meet], edges)
  const wait = (id: string) => ({ id, kind: 'wait', config: { for: 'PT1S' } })
  await storeFlow(database, 'waits', [...branches.map(wait), meet], edges)

  async function seconds(flowId: string): Promise<number> {
    const samples: number[] = []
    for (let times = 0; times < 5; times++) {
      const begunAt = performance.now()
      const { finished } = await runtime.start({
        workspaceId,
        flowId,
        version: 'draft',
        input: {},
        cause: 'bench',
        mode: 'inline',
      })
      const result = await finished
      if (result?.status !== 'completed') throw new Error(`The run ended ${result?.status}.`)
      samples.push((performance.now() - begunAt) / 1_000)
    }
    return quantile(samples, 0.5)
  }

  const byEffects = await seconds('effects')
  const byWaits = await seconds('waits')
  await runtime.stop()
  await database.drop()
  return [
    { what: 'three effects of 1 s in parallel', value: byEffects, unit: 's', aim: 1.1, better: 'less' },
    { what: 'three waits of 1 s in parallel', value: byWaits, unit: 's', aim: 1.1, better: 'less' },
  ]
}
