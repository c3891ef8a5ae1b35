import pg from 'pg'
import { PostgresError } from '@/db/embedded'
import { boot } from './boot'
import { EnvError, parseEnv, type Env } from './env'
import { PortTakenError } from './http/front'
import { createLog, type Logger } from './log'
import { isDatabaseAway } from './explain'

/** Told apart from every other failure, so that a script can choose another port. */
const portTakenCode = 98
const stopLimitMs = 25_000

const env = readEnv()
const log = createLog(env)
const starting = boot(env, log)
listenForSignals()

try {
  const { port } = await starting
  const address = env.MILLRACE_URL ?? `http://localhost:${port}`
  say(port === null ? 'Millrace works: it takes runs from the queue.' : `Millrace is ready at ${address}`)
} catch (error) {
  await fail(error)
}

function readEnv(): Env {
  try {
    return parseEnv(process.env)
  } catch (error) {
    if (!(error instanceof EnvError)) throw error
    for (const sentence of error.sentences) console.error(sentence)
    process.exit(1)
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}

/** One sentence with the remedy for what people can mend; the whole story for the rest. */
async function fail(error: unknown): Promise<never> {
  if (error instanceof PortTakenError) {
    console.error(await portSentence(env.PORT ?? 3000))
    process.exit(portTakenCode)
  }
  const told = error instanceof PostgresError ? error.message : databaseSentence(error)
  if (told) console.error(told)
  else log.fatal({ err: error }, 'Millrace could not start')
  process.exit(1)
}

/** What to do about a DATABASE_URL that leads nowhere; null when the error is about something else. */
function databaseSentence(error: unknown): string | null {
  if (!env.DATABASE_URL) return null
  const { host, pathname } = new URL(env.DATABASE_URL)
  const remedy = 'correct DATABASE_URL, or leave it out to use the built-in Postgres.'
  if (isDatabaseAway(error))
    return `The database at ${host}${pathname} cannot be reached: start it, ${remedy}`
  // Wrong user or password (class 28), no such database (3D).
  const isRefused = error instanceof pg.DatabaseError && /^(28|3D)/.test(error.code ?? '')
  return isRefused ? `The database at ${host}${pathname} says "${error.message}": ${remedy}` : null
}

async function portSentence(port: number): Promise<string> {
  const other = `PORT=${port + 1} npm start`
  return (await isMillrace(port))
    ? `Millrace runs at http://localhost:${port} already: open it, or start another one beside it with ${other}.`
    : `Port ${port} is taken by another program: stop that one, or choose another port with ${other}.`
}

async function isMillrace(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://localhost:${port}/healthz`, { signal: AbortSignal.timeout(1_000) })
    const health: unknown = await response.json()
    return (
      typeof health === 'object' && health !== null && 'service' in health && health.service === 'millrace'
    )
  } catch {
    return false
  }
}

function listenForSignals(): void {
  let isStopping = false
  const stop = (signal: NodeJS.Signals) => {
    // The second Ctrl-C of somebody who does not want to wait.
    if (isStopping) process.exit(1)
    isStopping = true
    stopGracefully(log).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error, signal }, 'Stopping went wrong')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

async function stopGracefully(log: Logger): Promise<void> {
  const limit = setTimeout(() => {
    log.error('Stopping took too long; runs that were in flight go on at the next start')
    process.exit(1)
  }, stopLimitMs)
  const running = await starting.catch(() => null)
  await running?.stop()
  clearTimeout(limit)
}
