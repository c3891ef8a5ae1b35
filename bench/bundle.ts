import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Bundles bench/processes/`name`.ts as `npm start` bundles the server, so that the start of the process is not that of a
 * compiler. Gives the file to run.
 */
export async function bundleProcess(name: string): Promise<string> {
  const outfile = path.join(root, '.millrace', 'bench', `${name}.mjs`)
  await build({
    entryPoints: [path.join(root, 'bench', 'processes', `${name}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    alias: { '@': root },
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  })
  return outfile
}
