import { setTimeout as delay } from 'node:timers/promises'
import type { Conditions } from '../conditions'
import { differences, doubledIn, endOf, lostIn } from '../judge'
import { Random } from '../random'
import { randomFlow } from '../random-flow'
import { resumesAfter } from '../resume'
import type { Tried } from '../table'
import { openWorld, type World } from '../world'

/** And as many kills, so that a slow machine comes to an end too. */
const flowsAtOnce = 12
const workersAtOnce = 3
const sparesAtOnce = 2
const limitMs = 120_000

/** Random flows, and a kill every 50 to 500 ms: every run ends as it does without faults. */
export async function run({ postgres, quick, graphs, seed }: Conditions): Promise<Tried[]> {
  const world = await openWorld(postgres)
  const count = graphs ?? (quick ? 20 : 500)
  const lost: string[] = []
  let steps = 0
  let continued = 0
  // Takes nothing from the queue, and is spared.
  const calm = await world.spawn({ role: 'web' })
  const killer = await startKilling(world, new Random(seed))
  for (let first = 0; first < count; first += flowsAtOnce) {
    const batch = Array.from({ length: Math.min(flowsAtOnce, count - first) }, (_, at) => {
      const number = first + at
      return { number, documents: randomFlow(`random_${number}`, seed * 100_003 + number) }
    })
    for (const { documents } of batch) await world.store(...documents)
    const flows = batch.flatMap(({ documents }) => documents[0]?.id ?? [])
    killer.allow(0)
    const expectations: string[] = []
    for (const flow of flows) expectations.push(...(await calm.start(world.workspaceId, flow)))
    // Before the first kill: what they spread is done by the workers too.
    const open = await world.untilEnded(expectations, limitMs)
    if (open.length > 0) throw new Error(`${open.length} runs did not end though nothing was done to them.`)
    const runs = await world.queue(flows)
    killer.allow(batch.length)
    continued += await untilWell(world, runs)
    for (const [at, { number, documents }] of batch.entries()) {
      const [document] = documents
      if (!document) continue
      const expected = await endOf(world, document, expectations[at] ?? '')
      const actual = await endOf(world, document, runs[at] ?? '')
      steps += actual.steps.size
      lost.push(
        ...differences(expected, actual).map((how) => `graph ${number} of seed ${seed}, ${runs[at]}: ${how}`),
      )
    }
  }
  const { kills, resumesMs } = await killer.stop()
  await calm.kill()
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
      note: `${steps} steps, ${world.receiver.ledger.length} effects, ${continued} poisoned and continued`,
    },
  ]
}

/** One of the workers that live is killed every 50 to 500 ms, and a fresh one takes its place as soon as it has loaded. */
async function startKilling(world: World, random: Random) {
  const workers = await Promise.all(Array.from({ length: workersAtOnce }, () => world.spawn()))
  const spares = Array.from({ length: sparesAtOnce }, () => world.spare())
  const resumes: Promise<number[]>[] = []
  const replacing = new Set<Promise<void>>()
  let isOver = false
  let left = 0

  async function replace(): Promise<void> {
    const spare = spares.shift()
    spares.push(world.spare())
    const next = await (await spare)?.go()
    if (next) workers.push(next)
  }
  const killing = (async () => {
    for (; !isOver; await delay(random.between(50, 500))) {
      // One stays, for it takes longer to begin than to die.
      if (left === 0 || workers.length < 2) continue
      const [victim] = workers.splice(random.between(0, workers.length - 1), 1)
      if (!victim) continue
      left--
      await world.kill(victim)
      resumes.push(resumesAfter(world, victim.id, performance.now()))
      const replaced = replace().finally(() => replacing.delete(replaced))
      replacing.add(replaced)
    }
  })()

  return {
    /** So many more. */
    allow(kills: number) {
      left = kills
    },
    async stop() {
      isOver = true
      await killing
      await Promise.all(replacing)
      for (const worker of workers) await world.kill(worker)
      for (const spare of spares) (await spare).child.kill('SIGKILL')
      return { kills: resumes.length, resumesMs: (await Promise.all(resumes)).flat() }
    },
  }
}

/**
 * A run whose one step was at work at three deaths is failed as `poisoned`, which here is bad luck: it is continued, as a
 * person would. Gives how often.
 */
async function untilWell(world: World, runs: readonly string[]): Promise<number> {
  let continued = 0
  for (const endsAt = performance.now() + limitMs; performance.now() < endsAt;) {
    await world.untilEnded(runs, endsAt - performance.now())
    const { rows } = await world.db.pool.query<{ id: string }>(
      "select id from run where id = any($1::uuid[]) and status = 'failed' and error ->> 'code' = 'poisoned'",
      [runs],
    )
    if (rows.length === 0) break
    await world.withRuntime(async (runtime) => {
      for (const { id } of rows) {
        await runtime.continueRun({ workspaceId: world.workspaceId, runId: id })
        continued++
      }
    })
  }
  return continued
}
