import { setTimeout as delay } from 'node:timers/promises'
import type { World } from './world'

const lookMs = 10
const limitMs = 60_000

/**
 * How long each run that this process had at work takes until another process has it; call when it is dead.
 * The database's own view decides, so it costs the workers nothing.
 */
export async function resumesAfter(world: World, owner: number, diedAtMs: number): Promise<number[]> {
  const { pool } = world.db
  const had = await pool.query<{ id: string }>("select id from run where status = 'running' and owner = $1", [
    owner,
  ])
  let open = had.rows.map((row) => row.id)
  const resumesMs: number[] = []
  while (open.length > 0 && performance.now() - diedAtMs < limitMs) {
    const { rows } = await pool.query<{ id: string }>(
      "select id from run where id = any($1::uuid[]) and status = 'running' and (owner is null or owner = $2)",
      [open, owner],
    )
    const still = new Set(rows.map((row) => row.id))
    for (const run of open) if (!still.has(run)) resumesMs.push(performance.now() - diedAtMs)
    open = [...still]
    await delay(lookMs)
  }
  return [...resumesMs, ...open.map(() => Infinity)]
}
