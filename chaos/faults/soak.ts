import { setTimeout as delay } from 'node:timers/promises'
import { effect, flowOf, transform } from '@/server/runtime/testing/flows'
import type { Conditions } from '../conditions'
import { doubledIn, lostIn } from '../judge'
import type { Tried } from '../table'
import { openWorld } from '../world'

const defaultMinutes = 60
const everyMs = 1_000
/** Queued each second: about half of what two workers manage on two cores. */
const runsAtOnce = 100
/** The first tenth warms up: pools fill, code is compiled. */
const warmUp = 0.1
const aimMbPerHour = 30

/** Half load for an hour: the memory of the workers stays where it is. */
export async function run({ postgres, minutes = defaultMinutes }: Conditions): Promise<Tried[]> {
  const world = await openWorld(postgres)
  const wait = { id: 'pause', kind: 'wait', config: { for: 'PT0.2S' } }
  await world.store(
    flowOf('soaked', [transform('shape', '{"n": $sum([1..10])}'), effect('a', 'ms=10'), wait, effect('b')]),
  )
  const workers = [await world.spawn(), await world.spawn()]
  const samples: { minute: number; mb: number }[] = []
  const runs: string[] = []
  const begunAt = performance.now()
  const minuteNow = () => (performance.now() - begunAt) / 60_000
  await world.withRuntime(async (runtime) => {
    while (minuteNow() < minutes) {
      const { workspaceId } = world
      const order = { workspaceId, flowId: 'soaked', version: 'draft' as const, input: {}, cause: 'test' }
      for (let count = 0; count < runsAtOnce; count++)
        runs.push((await runtime.start({ ...order, mode: 'queued' })).runId)
      const used = await Promise.all(workers.map((worker) => worker.usage()))
      const mb = used.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) / 1_024 / 1_024
      samples.push({ minute: minuteNow(), mb })
      await delay(everyMs)
    }
  })
  const lost: string[] = []
  for (let first = 0; first < runs.length; first += 10_000) {
    const open = await world.untilEnded(runs.slice(first, first + 10_000), 60_000)
    lost.push(...open.map((run) => `${run} did not end`))
  }
  lost.push(...(await lostIn(world)))
  const doubled = doubledIn(world)
  await world.close()
  const perHour = slope(samples.filter(({ minute }) => minute > minutes * warmUp)) * 60
  if (minutes >= defaultMinutes && perHour > aimMbPerHour)
    lost.push(`memory grew by ${perHour.toFixed(1)} MB an hour, and ${aimMbPerHour} is the most`)
  const first = samples.find(({ minute }) => minute > minutes * warmUp)?.mb ?? 0
  const last = samples.at(-1)?.mb ?? 0
  const note = `${runs.length} runs; both workers together ${first.toFixed(0)} MB, at the end ${last.toFixed(0)} MB; ${perHour.toFixed(1)} MB an hour`
  return [{ fault: `half load for ${minutes} minutes`, tries: 1, lost, doubled, resumesMs: [], note }]
}

/** Of the straight line through the samples, by least squares; in MB a minute. */
function slope(samples: readonly { minute: number; mb: number }[]): number {
  const mean = (of: (sample: { minute: number; mb: number }) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [minutes, mbs] = [mean(({ minute }) => minute), mean(({ mb }) => mb)]
  const over = samples.reduce((sum, { minute, mb }) => sum + (minute - minutes) * (mb - mbs), 0)
  const under = samples.reduce((sum, { minute }) => sum + (minute - minutes) ** 2, 0)
  return under === 0 ? 0 : over / under
}
