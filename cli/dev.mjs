import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import esbuild from 'esbuild'
import { bundleOptions, serverEntries } from './build.mjs'
import { root } from './root.mjs'

const outdir = path.join(root, 'dist', 'dev')
const stopLimitMs = 15_000

/**
 * Runs the server and starts it again when its sources change; the interface reloads by itself (MILLRACE_DEV makes the server
 * run Next's development mode). PostgreSQL is held here, so that it lives on between two servers.
 */
export async function develop() {
  await esbuild.build({ ...bundleOptions(outdir, ['db/embedded.ts']), metafile: true })
  const database = process.env.DATABASE_URL ? null : await holdDatabase()

  /** @type {import('node:child_process').ChildProcess | null} */
  let server = null
  let turn = Promise.resolve()
  let stopping = false

  const restart = async () => {
    if (server) await end(server)
    if (stopping) return
    server = spawn(process.execPath, ['--enable-source-maps', path.join(outdir, 'main.js')], {
      cwd: root,
      env: { ...process.env, MILLRACE_DEV: '1', NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: 'inherit',
    })
  }
  const context = await esbuild.context({
    ...bundleOptions(outdir, serverEntries()),
    plugins: [
      {
        name: 'restart',
        setup: (build) =>
          build.onEnd((result) => {
            // A server that does not compile leaves the old one running.
            if (result.errors.length === 0) turn = turn.then(restart)
          }),
      },
    ],
  })
  await context.watch()

  const stop = async () => {
    if (stopping) return
    stopping = true
    await context.dispose()
    await turn
    if (server) await end(server)
    await database?.stop()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

async function holdDatabase() {
  /** @type {typeof import('../db/embedded')} */
  const { findOrStartPostgres } = await import(pathToFileURL(path.join(outdir, 'embedded.js')).href)
  return findOrStartPostgres({ dataDir: process.env.MILLRACE_DATA || '.millrace' })
}

/** @param {import('node:child_process').ChildProcess} server */
async function end(server) {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  const limit = setTimeout(() => server.kill('SIGKILL'), stopLimitMs)
  await ended
  clearTimeout(limit)
}
