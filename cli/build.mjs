import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runCommand } from './command.mjs'
import { contentHash, sourcesIn } from './fingerprint.mjs'
import { root } from './root.mjs'

const dist = path.join(root, 'dist')
const serverStamp = path.join(dist, 'build.json')
const interfaceStamp = path.join(root, '.next', 'millrace-build.json')

/** What `node` runs: the server, and beside it every file that it starts as a worker thread. */
export function serverEntries() {
  const threads = sourcesIn(['server', 'nodes', 'flow', 'db'], (file) => file.endsWith('.thread.ts'))
  return ['server/main.ts', ...threads]
}

/**
 * esbuild's options for the server. Packages stay outside: they are installed anyway, and some of them find files of
 * their own by where they lie.
 * @param {string} outdir
 * @param {string[]} entryPoints
 * @returns {import('esbuild').BuildOptions & { metafile: true }}
 */
export function bundleOptions(outdir, entryPoints) {
  return {
    absWorkingDir: root,
    entryPoints,
    entryNames: '[name]',
    outdir,
    bundle: true,
    packages: 'external',
    alias: { '@': root },
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
    legalComments: 'none',
  }
}

export function isServerStale() {
  const stamp = readStamp(serverStamp)
  return !stamp || stamp.hash !== contentHash(stamp.inputs) || !isSame(stamp.entries, serverEntries())
}

export async function bundleServer() {
  const entries = serverEntries()
  const esbuild = await import('esbuild')
  try {
    const { metafile } = await esbuild.build(bundleOptions(dist, entries))
    const inputs = [...Object.keys(metafile.inputs), 'cli/build.mjs', 'package-lock.json'].sort()
    writeStamp(serverStamp, { entries, inputs, hash: contentHash(inputs) })
  } catch {
    console.error('The server could not be built: esbuild says why above.')
    process.exit(1)
  } finally {
    await esbuild.stop()
  }
}

/** Everything that can end up in the browser; the server's halves of the kinds and tests cannot. */
function interfaceSources() {
  const files = sourcesIn(['app', 'components', 'flow', 'nodes'], (file) => {
    return !/(\.test\.tsx?|\/run\.ts|^nodes\/runs\.ts|\.thread\.ts|^flow\/fixtures\/.*)$/.test(file)
  })
  return [...files, 'next.config.js', 'postcss.config.mjs', 'tsconfig.json', 'package-lock.json']
}

export function isInterfaceStale() {
  return readStamp(interfaceStamp)?.hash !== contentHash(interfaceSources())
}

export async function buildInterface() {
  console.log('Building the interface (once per change, about half a minute)…')
  const startedAt = performance.now()
  const hash = contentHash(interfaceSources())
  const next = path.join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const code = await runCommand(process.execPath, [next, 'build'], {
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    quiet: true,
  })
  if (code !== 0) {
    console.error('The interface could not be built: Next says why above.')
    process.exit(1)
  }
  writeStamp(interfaceStamp, { hash, entries: [], inputs: [] })
  console.log(`Built in ${Math.round((performance.now() - startedAt) / 1000)} s.`)
}

/**
 * @typedef {{ hash: string, entries: string[], inputs: string[] }} Stamp
 * @param {string} file
 * @returns {Stamp | null}
 */
function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/**
 * @param {string} file
 * @param {Stamp} stamp
 */
const writeStamp = (file, stamp) => writeFileSync(file, JSON.stringify(stamp))

/**
 * @param {string[]} left
 * @param {string[]} right
 */
const isSame = (left, right) => left.join() === right.join()
