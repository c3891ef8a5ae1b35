import { execFile } from 'node:child_process'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { effect, flowOf } from '@/server/runtime/testing/flows'
import type { Conditions } from '../conditions'
import { doubledIn, lostIn } from '../judge'
import { openPostgres } from '../postgres'
import type { Tried } from '../table'
import { openWorld } from '../world'

const fault = "the database's disk is full, and has room again"
const folder = fileURLToPath(new URL('../../.millrace/chaos-disk', import.meta.url))
const filler = path.join(folder, 'filler')
const limitMs = 60_000
/** Less than a run leaves behind. */
const leftBytes = 64 * 1_024
const execute = promisify(execFile)

/** PostgreSQL on a small disk that is filled up in mid-run: runs stand still, and go on when there is room. */
export async function run({ quick }: Conditions): Promise<Tried[]> {
  if (!(await mount())) {
    return [
      { fault, tries: 0, lost: [], doubled: [], resumesMs: [], note: 'needs root, to mount a small disk' },
    ]
  }
  const settings = { max_wal_size: '64MB', min_wal_size: '32MB' }
  try {
    const postgres = await openPostgres({ dataDir: path.join(folder, 'data'), settings })
    try {
      return [await fillAndFree(postgres, quick ? 1 : 3)]
    } finally {
      await rm(filler, { force: true })
      await postgres.close()
    }
  } finally {
    await execute('umount', [folder])
  }
}

async function fillAndFree(
  postgres: Awaited<ReturnType<typeof openPostgres>>,
  tries: number,
): Promise<Tried> {
  const world = await openWorld(postgres)
  const lost: string[] = []
  const resumesMs: number[] = []
  const steps = [1, 2, 3].map((number) => effect(`step_${number}`, 'ms=300'))
  // 80 KB for each run, so that there soon is no room.
  const large = { id: 'large', kind: 'transform', config: { expression: '[1..2000].($$.run.id & $)' } }
  await world.store(flowOf('filling', [...steps.slice(0, 1), large, ...steps.slice(1)]))
  await world.spawn()
  for (let time = 0; time < tries; time++) {
    const runs = await world.queue(Array.from({ length: 30 }, () => 'filling'))
    await fill()
    await delay(4_000)
    const freedAt = performance.now()
    await rm(filler, { force: true })
    await postgres.startIfEnded()
    lost.push(...(await world.untilEnded(runs, limitMs)).map((run) => `${run} did not end`))
    resumesMs.push(performance.now() - freedAt)
    const bad = await world.db.pool.query<{ id: string; error: string }>(
      "select id, error::text from run where id = any($1::uuid[]) and status <> 'completed'",
      [runs],
    )
    lost.push(...bad.rows.map(({ id, error }) => `${id} failed: ${error}`))
  }
  lost.push(...(await lostIn(world)))
  const doubled = doubledIn(world)
  await world.close()
  return { fault, tries, lost, doubled, resumesMs, note: 'times until all 30 runs of a try have ended' }
}

async function fill(): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes))).catch((error: unknown) => {
    // PostgreSQL was quicker: then it is full all the more.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  })
}

async function mount(): Promise<boolean> {
  await mkdir(folder, { recursive: true })
  return execute('mount', ['-t', 'tmpfs', '-o', 'size=250m,mode=0755', 'tmpfs', folder]).then(
    () => true,
    () => false,
  )
}
