import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { effect, flowOf } from '@/server/runtime/testing/flows'
import type { Conditions } from '../conditions'
import { doubledIn, lostIn } from '../judge'
import { openPostgres } from '../postgres'
import { resumesAfter } from '../resume'
import type { Tried } from '../table'
import { openWorld } from '../world'

const fault = 'the line to another host is cut, and mended'
const namespace = 'millrace_chaos'
const [near, far] = ['millrace_near', 'millrace_far']
const nearAddress = '10.213.77.1'
const limitMs = 60_000
const ip = (...args: string[]) => promisify(execFile)('ip', args)

/**
 * A worker on a host of its own, which is a network namespace, loses the line to the database in mid-effect: nothing is said
 * any more, no connection is closed. The other takes over when the database has noticed, and what the lost one has on its
 * mind when the line is back is refused.
 */
export async function run({ quick }: Conditions): Promise<Tried[]> {
  if (!(await openLine())) {
    return [{ fault, tries: 0, lost: [], doubled: [], resumesMs: [], note: 'needs root and ip(8)' }]
  }
  const dataDir = new URL('../../.millrace/chaos-hosts', import.meta.url).pathname
  const postgres = await openPostgres({ dataDir, listen: [nearAddress] })
  try {
    return [await cutAndMend(postgres, quick ? 1 : 3)]
  } finally {
    await postgres.close()
    await closeLine()
  }
}

async function cutAndMend(postgres: Awaited<ReturnType<typeof openPostgres>>, tries: number): Promise<Tried> {
  const world = await openWorld(postgres)
  const url = postgres.urlOf(new URL(world.url).pathname.slice(1), nearAddress)
  const lost: string[] = []
  const resumesMs: number[] = []
  await world.store(flowOf('cut_off', [effect('a'), effect('slow', 'ms=500'), effect('z', 'ms=20')]))
  const standing = await world.spawn()
  for (let time = 0; time < tries; time++) {
    const distant = await world.spawn({ role: 'web', namespace, url })
    const runs = await distant.start(world.workspaceId, 'cut_off', 5)
    await world.receiver.hears(({ run, step }) => runs.includes(run) && step === 'slow')
    await ip('link', 'set', near, 'down')
    world.countAsDead(distant)
    resumesMs.push(...(await resumesAfter(world, distant.id, performance.now())))
    lost.push(...(await world.untilEnded(runs, limitMs)).map((run) => `${run} did not end`))
    await ip('link', 'set', near, 'up')
    // Time to say what it has on its mind.
    await delay(3_000)
    await world.kill(distant)
  }
  await world.kill(standing)
  lost.push(...(await lostIn(world)))
  const doubled = doubledIn(world)
  await world.close()
  return {
    fault,
    tries,
    lost,
    doubled,
    resumesMs,
    aimMs: 15_000,
    note: 'a network namespace is the other host',
  }
}

async function openLine(): Promise<boolean> {
  await closeLine()
  try {
    await ip('netns', 'add', namespace)
    await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far)
    await ip('link', 'set', far, 'netns', namespace)
    await ip('addr', 'add', `${nearAddress}/24`, 'dev', near)
    await ip('link', 'set', near, 'up')
    await ip('-n', namespace, 'addr', 'add', '10.213.77.2/24', 'dev', far)
    await ip('-n', namespace, 'link', 'set', far, 'up')
    await ip('-n', namespace, 'link', 'set', 'lo', 'up')
    return true
  } catch {
    await closeLine()
    return false
  }
}

async function closeLine(): Promise<void> {
  await ip('link', 'del', near).catch(() => undefined)
  await ip('netns', 'del', namespace).catch(() => undefined)
}
