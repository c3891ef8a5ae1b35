import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Conditions } from './conditions'
import { openPostgres } from './postgres'
import { isGood, printTable, type Tried } from './table'
import { bundleWorker } from './workers'

/*
 * `npm run chaos [FAULT…] [-- --quick] [--graphs N] [--seed N] [--minutes N]`: each fault is a file in faults/ that
 * exports `run`, which gives rows of the table. Ends with 1 when anything was lost or doubled.
 */

const folder = fileURLToPath(new URL('./faults', import.meta.url))
const known = readdirSync(folder).map((name) => path.basename(name, '.ts'))
/** Takes its time, so it comes only when asked for. */
const onlyWhenNamed = new Set(['soak'])
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    graphs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string' },
  },
})
const unknown = positionals.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`There is no fault ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  process.exit(1)
}
const wanted = positionals.length > 0 ? positionals : known.filter((name) => !onlyWhenNamed.has(name))

const faultSchema = z.object({ run: z.custom<(given: Conditions) => Promise<Tried[]>>(isFunction) })
const all: Tried[] = []
await bundleWorker()
const postgres = await openPostgres()
try {
  for (const name of wanted) {
    const begunAt = performance.now()
    const { run } = faultSchema.parse(await import(pathToFileURL(path.join(folder, `${name}.ts`)).href))
    const tried = await run({
      postgres,
      quick: values.quick,
      seed: Number(values.seed),
      ...(values.graphs === undefined ? {} : { graphs: Number(values.graphs) }),
      ...(values.minutes === undefined ? {} : { minutes: Number(values.minutes) }),
    })
    all.push(...tried)
    const word = tried.every(isGood) ? 'held' : 'DID NOT HOLD'
    console.log(`${name}: ${word} (${((performance.now() - begunAt) / 1_000).toFixed(0)} s)`)
  }
} finally {
  await postgres.close()
}
printTable(all)
process.exit(all.every(isGood) ? 0 : 1)

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}
