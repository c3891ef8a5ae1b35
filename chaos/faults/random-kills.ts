import { setTimeout as delay } from 'node:timers/promises'
import type { Conditions } from '../conditions'
import { differences, doubledIn, endOf, lostIn } from '../judge'
import { Random } from '../random'
import { randomFlow } from '../random-flow'
import { resumesAfter } from '../resume'
import type { Tried } from '../table'
import { openWorld, type World } from '../world'
import type { Worker } from '../workers'

const atOnce = 12
const workersAtOnce = 2
const limitMs = 120_000

/** Random flows, on processes that live for 50 to 500 ms each: every run ends as it does without faults. */
export async function run({ postgres, quick, graphs, seed }: Conditions): Promise<Tried[]> {
  const world = await openWorld(postgres)
  const count = graphs ?? (quick ? 20 : 500)
  const lost: string[] = []
  const resumesMs: number[] = []
  let kills = 0
  let steps = 0
  for (let first = 0; first < count; first += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, count - first) }, (_, at) => {
      const number = first + at
      const documents = randomFlow(`random_${number}`, seed * 100_003 + number)
      return { number, documents, flow: documents[0]?.id ?? '' }
    })
    for (const { documents } of batch) await world.store(...documents)
    const calm = await inCalm(
      world,
      batch.map(({ flow }) => flow),
    )
    const runs = await world.queue(batch.map(({ flow }) => flow))
    const killing = await killUntilEnded(world, runs, new Random(seed + first))
    kills += killing.kills
    resumesMs.push(...killing.resumesMs)
    for (const [at, { number, documents }] of batch.entries()) {
      const [document] = documents
      const run = runs[at] ?? ''
      if (!document) continue
      const expected = await endOf(world, document, calm[at] ?? '')
      const actual = await endOf(world, document, run)
      steps += actual.steps.size
      const about = `graph ${number} of seed ${seed}, run ${run}`
      lost.push(...differences(expected, actual).map((difference) => `${about}: ${difference}`))
    }
  }
  lost.push(...(await lostIn(world)))
  const doubled = doubledIn(world)
  await world.close()
  return [
    {
      fault: `kill -9 every 50 to 500 ms, ${count} random graphs`,
      tries: kills,
      lost,
      doubled,
      resumesMs,
      note: `${steps} steps, ${world.receiver.ledger.length} effects`,
    },
  ]
}

async function inCalm(world: World, flows: readonly string[]): Promise<string[]> {
  const worker = await world.spawn({ role: 'all' })
  const runs: string[] = []
  for (const flow of flows) runs.push(...(await worker.start(world.workspaceId, flow)))
  const open = await world.untilEnded(runs, limitMs)
  if (open.length > 0) throw new Error(`${open.length} runs did not end though nothing was done to them.`)
  await worker.stop()
  return runs
}

async function killUntilEnded(
  world: World,
  runs: readonly string[],
  random: Random,
): Promise<{ kills: number; resumesMs: number[] }> {
  const resumes: Promise<number[]>[] = []
  let kills = 0
  let isOver = false
  const lane = async () => {
    let spare = await world.spare()
    while (!isOver) {
      const following = world.spare()
      const worker: Worker = await spare.go()
      await delay(random.between(50, 500))
      await world.kill(worker)
      kills++
      resumes.push(resumesAfter(world, worker.id, performance.now()))
      spare = await following
    }
    spare.child.kill('SIGKILL')
  }
  const ended = world.untilEnded(runs, limitMs).then(() => (isOver = true))
  await Promise.all([ended, ...Array.from({ length: workersAtOnce }, lane)])
  return { kills, resumesMs: (await Promise.all(resumes)).flat() }
}
