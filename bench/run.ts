import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { z } from 'zod'
import { bundleOptions, serverEntries } from '../cli/build.mjs'
import { printTable, rowSchema } from './table'

/* `npm run bench [NAME…]`: each benchmark is a file here that exports `run`, which gives the rows of a table. */

const folder = fileURLToPath(new URL('.', import.meta.url))
const notBenchmarks = new Set(['run', 'table', 'database', 'flows', 'bundle'])
const known = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => path.basename(name, '.ts'))
  .filter((name) => !notBenchmarks.has(name))
/** Those that have the runtime in this very process. */
const inProcess = new Set(['engine', 'models', 'parallel', 'parked'])
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const unknown = wanted.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  process.exit(1)
}

const moduleSchema = z.object({ run: z.function({ input: [], output: z.promise(z.array(rowSchema)) }) })
for (const name of wanted.length > 0 ? wanted : known) {
  const file = inProcess.has(name) ? await bundled(name) : path.join(folder, `${name}.ts`)
  const module = moduleSchema.parse(await import(pathToFileURL(file).href))
  printTable(name, await module.run())
}
process.exit(0)

/**
 * The benchmark and the runtime in it, built as `npm start` builds the server: what makes TypeScript run as it is gives
 * every closure its name when it is made, which the engine pays for with up to a fifth of its speed.
 */
async function bundled(name: string): Promise<string> {
  const outdir = path.join(folder, '..', '.millrace', 'cache', 'bench')
  await build(bundleOptions(outdir, [`bench/${name}.ts`, ...serverEntries().slice(1)]))
  return path.join(outdir, `${name}.js`)
}
