import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the application: the nearest one above this file, or above the bundle made of it, with package.json and next.config.js. */
export const rootFolder = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'next.config.js'))) return folder
    if (dirname(folder) === folder) throw new Error(`No application folder found above ${start}.`)
  }
}
