import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import { printTable, rowSchema } from './table'

/* `npm run bench [NAME…]`: each benchmark is a file here that exports `run`, which gives the rows of a table. */

const folder = fileURLToPath(new URL('.', import.meta.url))
const notBenchmarks = new Set(['run', 'table', 'database', 'flows', 'bundle'])
const known = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => path.basename(name, '.ts'))
  .filter((name) => !notBenchmarks.has(name))
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const unknown = wanted.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  process.exit(1)
}

const moduleSchema = z.object({ run: z.function({ input: [], output: z.promise(z.array(rowSchema)) }) })
for (const name of wanted.length > 0 ? wanted : known) {
  const module = moduleSchema.parse(await import(pathToFileURL(path.join(folder, `${name}.ts`)).href))
  printTable(name, await module.run())
}
process.exit(0)
