import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { openDatabase, type Database } from '@/db/client'
import { organization } from '@/db/schema/auth'
import { publishFlow } from '@/db/versions'
import type { FlowDocument } from '@/flow/document'
import { createRuntime, type Runtime } from '@/server/runtime/runtime'
import { store } from '@/server/runtime/testing/flows'
import type { OwnPostgres } from './postgres'
import { receivedServices } from './received-services'
import { openReceiver, type Receiver } from './receiver'
import { spawnSpare, type Spare, type Worker, type WorkerOptions } from './workers'

/** What a fault happens to: an empty database, a receiver of effects, and processes. */
export interface World {
  url: string
  db: Database
  workspaceId: string
  receiver: Receiver
  /** When each process that is gone, or counts as gone, was: `performance.now()` by its name. */
  readonly deaths: ReadonlyMap<string, number>
  spare(options?: Partial<WorkerOptions>): Promise<Spare>
  spawn(options?: Partial<WorkerOptions>): Promise<Worker>
  kill(worker: Worker): Promise<void>
  /** It is not killed, but others may take its runs for a dead one's from now on: stopped, or cut off. */
  countAsDead(worker: Worker): void
  /** As drafts, and published. */
  store(...documents: FlowDocument[]): Promise<void>
  /** Queues a run of each of these flows' drafts; gives their ids in order. */
  queue(flows: readonly string[]): Promise<string[]>
  /** A process of the role `web` in this one, for as long as it is used. */
  withRuntime<T>(use: (runtime: Runtime) => Promise<T>): Promise<T>
  /** Those of the runs that have not ended when the time is up. */
  untilEnded(runs: readonly string[], limitMs: number): Promise<string[]>
  close(): Promise<void>
}

const workspaceId = 'workspace_of_chaos'

export async function openWorld(postgres: OwnPostgres): Promise<World> {
  const url = await postgres.makeDatabase()
  const db = openDatabase(url)
  await db.drizzle.insert(organization).values({ id: workspaceId, name: 'Chaos', slug: 'chaos' })
  const receiver = await openReceiver((run, step) => isFinished(db, run, step))
  const deaths = new Map<string, number>()
  const living = new Set<Spare['child']>()

  async function spare(options: Partial<WorkerOptions> = {}): Promise<Spare> {
    const made = await spawnSpare({ url, socketPath: receiver.socketPath, ...options })
    living.add(made.child)
    return made
  }
  async function withRuntime<T>(use: (runtime: Runtime) => Promise<T>): Promise<T> {
    const services = receivedServices(db, { socketPath: receiver.socketPath, name: 'here' })
    const log = pino({ level: 'fatal' })
    const runtime = await createRuntime({ db, services: () => services, log, role: 'web' })
    try {
      return await use(runtime)
    } finally {
      await runtime.stop()
    }
  }

  function countAsDead({ name }: Worker): void {
    if (!deaths.has(name)) deaths.set(name, performance.now())
  }

  return {
    url,
    db,
    workspaceId,
    receiver,
    deaths,
    spare,
    spawn: async (options) => (await spare(options)).go(),
    async kill(worker) {
      worker.child.kill('SIGKILL')
      countAsDead(worker)
      await worker.kill()
    },
    countAsDead,
    async store(...documents) {
      for (const document of documents) {
        await store(db, workspaceId, document)
        await publishFlow(db, workspaceId, document.id, [])
      }
    },
    queue: (flows) =>
      withRuntime(async (runtime) => {
        const runs: string[] = []
        for (const flowId of flows) {
          const order = { workspaceId, flowId, version: 'draft' as const, input: {}, cause: 'test' }
          runs.push((await runtime.start({ ...order, mode: 'queued' })).runId)
        }
        return runs
      }),
    withRuntime,
    async untilEnded(runs, limitMs) {
      for (const endsAt = performance.now() + limitMs; ; await delay(50)) {
        const { rows } = await db.pool
          .query<{ id: string }>('select id from run where id = any($1::uuid[]) and ended_at is null', [runs])
          .catch(() => ({ rows: runs.map((id) => ({ id })) }))
        if (rows.length === 0 || performance.now() > endsAt) return rows.map((row) => row.id)
      }
    },
    async close() {
      for (const child of living) child.kill('SIGKILL')
      await receiver.close()
      await db.pool.end()
      await postgres.dropDatabase(url)
    },
  }
}

async function isFinished(db: Database, run: string, step: string): Promise<boolean> {
  for (;;) {
    try {
      const found = await db.pool.query(
        "select from run_event where run = $1 and step = $2 and type = 'step_completed'",
        [run, step],
      )
      return found.rowCount !== 0
    } catch {
      await delay(50)
    }
  }
}
