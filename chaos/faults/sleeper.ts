import { setTimeout as delay } from 'node:timers/promises'
import { listEvents } from '@/db/events'
import { effect, flowOf } from '@/server/runtime/testing/flows'
import type { Conditions } from '../conditions'
import { doubledIn, lostIn } from '../judge'
import { resumesAfter } from '../resume'
import type { Tried } from '../table'
import { openWorld, type World } from '../world'

const limitMs = 60_000

/** A process stops, loses its lock, and wakes when others have ended its runs: it writes nothing more. */
export async function run({ postgres, quick }: Conditions): Promise<Tried[]> {
  const world = await openWorld(postgres)
  const tries = quick ? 2 : 10
  const lost: string[] = []
  const resumesMs: number[] = []
  await world.store(flowOf('slept', [effect('a', 'ms=300'), effect('b', 'ms=20'), effect('c', 'ms=20')]))
  const standing = await world.spawn()
  for (let time = 0; time < tries; time++) {
    const sleeper = await world.spawn({ role: 'web' })
    const runs = await sleeper.start(world.workspaceId, 'slept', 5)
    await world.receiver.hears(({ run }) => runs.includes(run))
    sleeper.child.kill('SIGSTOP')
    world.countAsDead(sleeper)
    await dropLockOf(world, sleeper.id)
    resumesMs.push(...(await resumesAfter(world, sleeper.id, performance.now())))
    lost.push(...(await world.untilEnded(runs, limitMs)).map((run) => `${run} did not end`))
    const told = await lengths(world, runs)
    sleeper.child.kill('SIGCONT')
    await delay(1_000)
    const after = await lengths(world, runs)
    if (told.join() !== after.join())
      lost.push('the sleeper wrote into a history that was not its own any more')
    await world.kill(sleeper)
  }
  await world.kill(standing)
  lost.push(...(await lostIn(world)))
  const doubled = doubledIn(world)
  await world.close()
  return [{ fault: 'SIGSTOP, taken over, SIGCONT', tries, lost, doubled, resumesMs, aimMs: 3_000 }]
}

/** As the server does by itself when a machine does not answer for 8 s. */
async function dropLockOf(world: World, worker: number): Promise<void> {
  await world.db.pool.query(
    `select pg_terminate_backend(pid) from pg_locks
     where locktype = 'advisory' and objsubid = 2 and objid::int = $1 and granted`,
    [worker],
  )
}

async function lengths(world: World, runs: readonly string[]): Promise<number[]> {
  const histories = await Promise.all(runs.map((run) => listEvents(world.db, world.workspaceId, run)))
  return histories.map((history) => history.length)
}
