import { effect, flowOf } from '@/server/runtime/testing/flows'
import type { Conditions } from '../conditions'
import { doubledIn, lostIn } from '../judge'
import type { Tried } from '../table'
import { openWorld } from '../world'

const limitMs = 60_000
const fiveMinutesMs = 300_000
const waitMs = 3_000
/** A queued wake-up is noticed by then. */
const lateMs = 2_500

/** Workers whose clocks are five minutes ahead and behind: waits and deadlines go by the database's clock. */
export async function run({ postgres, quick }: Conditions): Promise<Tried[]> {
  const world = await openWorld(postgres)
  const tries = quick ? 10 : 60
  const wait = { id: 'pause', kind: 'wait', config: { for: `PT${waitMs / 1_000}S` } }
  const ask = { id: 'ask', kind: 'ask', config: { question: 'Anyone?', timeout: `PT${waitMs / 1_000}S` } }
  await world.store(
    flowOf('waits', [effect('before'), wait, effect('after')]),
    flowOf('asks', [effect('before'), ask, effect('after')], {
      edges: [
        { from: 'start', to: 'before' },
        { from: 'before', to: 'ask' },
        { from: 'ask', port: 'timed_out', to: 'after' },
      ],
    }),
  )
  await world.spawn({ skewMs: fiveMinutesMs })
  await world.spawn({ skewMs: -fiveMinutesMs })
  const flows = Array.from({ length: tries }, (_, index) => (index % 2 === 0 ? 'waits' : 'asks'))
  const runs = await world.queue(flows)
  const lost = (await world.untilEnded(runs, limitMs)).map((run) => `${run} did not end`)
  const offsMs: number[] = []
  for (const run of runs) {
    const [before, after] = ['before', 'after'].map((step) =>
      world.receiver.ledger.find((entry) => entry.run === run && entry.step.startsWith(step)),
    )
    if (!before || !after) lost.push(`${run} did not do what comes before and after its wait`)
    else offsMs.push(after.atMs - before.atMs - waitMs)
  }
  for (const offMs of offsMs) {
    if (offMs < -50 || offMs > lateMs) lost.push(`a wait of ${waitMs} ms was off by ${Math.round(offMs)} ms`)
  }
  lost.push(...(await lostIn(world)))
  const doubled = doubledIn(world)
  await world.close()
  const latest = Math.round(Math.max(...offsMs))
  const note = `waits and deadlines of 3 s ended ${latest} ms late at most`
  return [{ fault: "two workers' clocks ten minutes apart", tries, lost, doubled, resumesMs: [], note }]
}
