import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** One effect that was really performed: a request that reached the receiver. */
export interface Performed {
  /** `<run>:<step>:<round>`. */
  key: string
  run: string
  /** The step's id, its round in it. */
  step: string
  /** May not be performed twice, whatever happens. */
  once: boolean
  /** The name of the process that asked. */
  worker: string
  atMs: number
  /** What it was answered; null while it is not. */
  status: number | null
  /** The history held this step's end already when the request came. */
  wasFinished: boolean
}

/** The world outside: takes requests at a socket in the file system, which reaches into every namespace, and keeps the ledger. */
export interface Receiver {
  socketPath: string
  readonly ledger: readonly Performed[]
  of(key: string): readonly Performed[]
  /** When a request has come for which this holds. */
  hears(isIt: (entry: Performed) => boolean): Promise<void>
  close(): Promise<void>
}

const patienceMs = 60_000

/**
 * The query of an address says how it behaves: `ms` milliseconds of work, `status`, `failing` = how many first tries of a
 * key answer 503. The body tells only the path, so that two runs of a flow yield the same.
 */
export async function openReceiver(
  isFinished: (run: string, step: string) => Promise<boolean>,
): Promise<Receiver> {
  const socketPath = path.join(tmpdir(), `millrace-chaos-${randomBytes(6).toString('hex')}.sock`)
  const ledger: Performed[] = []
  const byKey = new Map<string, Performed[]>()

  async function perform(request: IncomingMessage): Promise<{ status: number; path: string }> {
    const url = new URL(request.url ?? '/', 'http://receiver.test')
    const entry = entryOf(request)
    const tries = byKey.get(entry.key) ?? []
    byKey.set(entry.key, [...tries, entry])
    ledger.push(entry)
    // Its own end cannot be stored before it is answered, so what is found is the end of an earlier one.
    if (tries.length > 0) entry.wasFinished = await isFinished(entry.run, entry.step)
    const ms = Number(url.searchParams.get('ms') ?? 0)
    if (ms > 0) await delay(ms)
    const isFailing = tries.length < Number(url.searchParams.get('failing') ?? 0)
    const status = isFailing ? 503 : Number(url.searchParams.get('status') ?? 200)
    entry.status = status
    return { status, path: url.pathname }
  }

  const server = createServer((request, response) => {
    request.resume()
    perform(request).then(
      ({ status, path }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ path }))
      },
      () => response.destroy(),
    )
  })
  server.listen(socketPath)
  await once(server, 'listening')
  return {
    socketPath,
    ledger,
    of: (key) => byKey.get(key) ?? [],
    async hears(isIt) {
      for (const endsAt = performance.now() + patienceMs; !ledger.some(isIt); await delay(5)) {
        if (performance.now() > endsAt)
          throw new Error(`The receiver heard nothing for ${patienceMs / 1_000} s.`)
      }
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await rm(socketPath, { force: true })
    },
  }
}

function entryOf(request: IncomingMessage): Performed {
  const key = String(request.headers['idempotency-key'] ?? '')
  const end = key.lastIndexOf(':')
  const round = key.slice(end + 1)
  const run = key.slice(0, key.indexOf(':'))
  const step = key.slice(run.length + 1, end) + (round === '1' ? '' : `#${round}`)
  return {
    key,
    run,
    step,
    once: request.method === 'POST',
    worker: String(request.headers['x-worker'] ?? ''),
    atMs: performance.now(),
    status: null,
    wasFinished: false,
  }
}
