import { effect, flowOf } from '@/server/runtime/testing/flows'
import type { Conditions } from '../conditions'
import { doubledIn, lostIn } from '../judge'
import { resumesAfter } from '../resume'
import type { Tried } from '../table'
import { openWorld } from '../world'

const limitMs = 60_000

/** Two workers, one of them killed in mid-effect: the other goes on, nobody's help needed. */
export async function run({ postgres, quick }: Conditions): Promise<Tried[]> {
  const world = await openWorld(postgres)
  const tries = quick ? 4 : 20
  const lost: string[] = []
  const resumesMs: number[] = []
  await world.store(flowOf('taken_over', [effect('a'), effect('slow', 'ms=400'), effect('z', 'ms=20')]))
  const standing = await world.spawn()
  let spare = world.spare({ role: 'web' })
  for (let time = 0; time < tries; time++) {
    const victim = await (await spare).go()
    spare = world.spare({ role: 'web' })
    const runs = await victim.start(world.workspaceId, 'taken_over', 5)
    await world.receiver.hears(({ run, step }) => runs.includes(run) && step === 'slow')
    await world.kill(victim)
    resumesMs.push(...(await resumesAfter(world, victim.id, performance.now())))
    const open = await world.untilEnded(runs, limitMs)
    lost.push(...open.map((run) => `${run} did not end`))
  }
  ;(await spare).child.kill('SIGKILL')
  await world.kill(standing)
  lost.push(...(await lostIn(world)))
  const doubled = doubledIn(world)
  await world.close()
  return [{ fault: 'two workers, one killed in mid-effect', tries, lost, doubled, resumesMs, aimMs: 3_000 }]
}
