import { pino } from 'pino'
import { listEvents } from '@/db/events'
import { createFlow, getFlow, saveFlow } from '@/db/flows'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import type { FlowDocument } from '@/flow/document'
import type { Json } from '@/flow/json'
import type { RunEvent } from '@/flow/run/event'
import type { Services } from '@/nodes/step'
import { createRuntime, type Runtime, type RuntimeOptions } from '../runtime'
import type { Started } from '../start'
import { createLedger, ledgerServices, readLedger, type Performed } from './ledger'

/** A runtime on a database of its own, its effects written into a ledger. */
export interface TestRuntime {
  t: TestDatabase
  runtime: Runtime
  store(document: FlowDocument): Promise<void>
  /** Stores the document as the draft of its flow. */
  edit(document: FlowDocument): Promise<void>
  start(flowId: string, input?: Json, mode?: 'inline' | 'queued'): Promise<Started>
  /** Waits until a run ended, and gives how. */
  end(run: string): Promise<{ status: string; output: Json; error: { code: string } | null }>
  historyOf(run: string): Promise<RunEvent[]>
  /** The type of each event, with its step. */
  wordsOf(run: string): Promise<string[]>
  until(run: string, isThere: (event: RunEvent) => boolean): Promise<RunEvent>
  ledgerOf(run: string): Promise<Performed[]>
  /** Another runtime on the same database; it is stopped at the end. */
  another(options?: Partial<RuntimeOptions>): Promise<Runtime>
  close(): Promise<void>
}

export async function testRuntime(
  options: Partial<RuntimeOptions> & { lend?: Partial<Services> } = {},
): Promise<TestRuntime> {
  const t = await testDatabase()
  await createLedger(t.db.pool)
  const { lend, ...rest } = options
  const services = { ...ledgerServices(t.db.pool), ...lend }
  const runtimes: Runtime[] = []
  const another: TestRuntime['another'] = async (more) => {
    const log = pino({ level: 'error' })
    const made = await createRuntime({
      db: t.db,
      services: () => services,
      log,
      role: 'all',
      ...rest,
      ...more,
    })
    runtimes.push(made)
    return made
  }
  const runtime = await another()
  const { workspaceId } = t
  const historyOf = (run: string) => listEvents(t.db, workspaceId, run)
  return {
    t,
    runtime,
    another,
    async store(document) {
      await createFlow(t.db, workspaceId, document)
    },
    async edit(document) {
      const { revision } = await getFlow(t.db, workspaceId, document.id)
      await saveFlow(t.db, workspaceId, document.id, document, revision)
    },
    start: (flowId, input = {}, mode = 'inline') =>
      runtime.start({ workspaceId, flowId, version: 'draft', input, cause: 'test', mode }),
    async end(run) {
      const result = await runtime.waitForEnd(run, 20_000)
      if (!result) throw new Error(`There is no run ${run}.`)
      return result
    },
    historyOf,
    wordsOf: async (run) =>
      (await historyOf(run)).map((event) => [event.type, event.step].filter(Boolean).join(' ')),
    async until(run, isThere) {
      for await (const event of runtime.follow(workspaceId, run, 0, AbortSignal.timeout(10_000))) {
        if (event.type !== 'text' && isThere(event)) return event
      }
      throw new Error('It did not happen within 10 s.')
    },
    ledgerOf: (run) => readLedger(t.db.pool, run),
    async close() {
      await Promise.all(runtimes.map((one) => one.stop()))
      await t.drop()
    },
  }
}
