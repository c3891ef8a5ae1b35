import { setTimeout as delay } from 'node:timers/promises'
import { effect, flowOf, transform } from '@/server/runtime/testing/flows'
import type { Conditions } from '../conditions'
import { doubledIn, lostIn } from '../judge'
import type { Tried } from '../table'
import { openWorld } from '../world'

const limitMs = 90_000
const runsAtOnce = 30

/** PostgreSQL is stopped at once, stays away for a while, and recovers from its log: what was going on goes on. */
export async function run({ postgres, quick }: Conditions): Promise<Tried[]> {
  const world = await openWorld(postgres)
  const tries = quick ? 1 : 5
  const lost: string[] = []
  const resumesMs: number[] = []
  await world.store(
    flowOf('away', [
      effect('a', 'ms=200', 'POST'),
      transform('p', '1'),
      effect('b', 'ms=600', 'POST'),
      { id: 'pause', kind: 'wait', config: { for: 'PT0.5S' } },
      effect('c', 'ms=50', 'POST'),
    ]),
  )
  const workers = await Promise.all([world.spawn({ role: 'all' }), world.spawn({ role: 'all' })])
  for (let time = 0; time < tries; time++) {
    const runs: string[] = []
    for (const worker of workers)
      runs.push(...(await worker.start(world.workspaceId, 'away', runsAtOnce / 2)))
    await world.receiver.hears(({ run, step }) => runs.includes(run) && step === 'b')
    await postgres.stopAtOnce()
    await delay(500 + time * 500)
    await postgres.start()
    const backAt = performance.now()
    await world.receiver.hears(({ run, atMs }) => runs.includes(run) && atMs > backAt)
    resumesMs.push(performance.now() - backAt)
    lost.push(...(await world.untilEnded(runs, limitMs)).map((run) => `${run} did not end`))
    const { rows } = await world.db.pool.query<{ id: string; status: string; code: string }>(
      `select id, status, error ->> 'code' as code from run
       where id = any($1::uuid[]) and ended_at is not null and status <> 'completed'`,
      [runs],
    )
    lost.push(...rows.map(({ id, status, code }) => `${id} ended ${status} (${code})`))
  }
  for (const worker of workers) await world.kill(worker)
  lost.push(...(await lostIn(world)))
  const doubled = doubledIn(world)
  await world.close()
  return [
    {
      fault: 'PostgreSQL stopped at once, back after 0.5 to 2.5 s',
      tries,
      lost,
      doubled,
      resumesMs,
      note: `${runsAtOnce} runs in flight, effects that may be done once only`,
    },
  ]
}
