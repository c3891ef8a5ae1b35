import { setTimeout as delay } from 'node:timers/promises'
import { effect, flowOf } from '@/server/runtime/testing/flows'
import type { Conditions } from '../conditions'
import { doubledIn, lostIn } from '../judge'
import { resumesAfter } from '../resume'
import type { Tried } from '../table'
import { openWorld } from '../world'

const limitMs = 240_000
const apartMs = 2_000

/** A for-each spread over two workers, each of which is killed once and replaced: every item once, in order. */
export async function run({ postgres, quick }: Conditions): Promise<Tried[]> {
  const world = await openWorld(postgres)
  const count = quick ? 2_000 : 10_000
  const each = {
    id: 'each',
    kind: 'for_each',
    config: { items: `[1..${count / 2}, 1..${count / 2}]`, mode: 'spread', atOnce: 100 },
  }
  // An expression makes at most 10,000 items, and a list in the history is stored once.
  const touch = { ...effect('touch', 'ms=5&n=${ index }'), parent: 'each' }
  await world.store(flowOf('spread', [each, touch], { edges: [{ from: 'start', to: 'each' }] }))
  const workers = [await world.spawn(), await world.spawn()]
  const begunAt = performance.now()
  const [run = ''] = await world.queue(['spread'])
  const resumesMs: number[] = []
  for (const victim of workers) {
    await delay(apartMs)
    await world.kill(victim)
    resumesMs.push(...(await resumesAfter(world, victim.id, performance.now())))
    await world.spawn()
  }
  const lost = (await world.untilEnded([run], limitMs)).map((open) => `${open} did not end`)
  const seconds = ((performance.now() - begunAt) / 1_000).toFixed(1)
  const result = await world.db.pool.query<{ status: string; items: number }>(
    'select status, json_array_length(output) as items from run where id = $1',
    [run],
  )
  const [end] = result.rows
  if (end?.status !== 'completed' || end.items !== count)
    lost.push(`the run ended ${end?.status} with ${end?.items} items of ${count}`)
  const asked = new Set(world.receiver.ledger.map(({ key }) => key)).size
  if (asked !== count) lost.push(`${asked} items were touched, not ${count}`)
  lost.push(...(await lostIn(world)))
  const doubled = doubledIn(world)
  const again = world.receiver.ledger.length - count
  await world.close()
  const note = `${seconds} s in all; ${again} items in flight at a kill were asked for again`
  return [
    { fault: `${count} items spread on two workers, both killed`, tries: 2, lost, doubled, resumesMs, note },
  ]
}
