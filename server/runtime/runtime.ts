import { hostname } from 'node:os'
import type { appendBatch } from '@/db/append'
import { cancelCalls } from '@/db/calls'
import { requestCancel } from '@/db/claims'
import type { Database } from '@/db/client'
import { findRunResult } from '@/db/runs'
import { admitRuns } from '@/db/slots'
import { matchKeptEvents } from '@/db/outside-events'
import { deliverDeadline } from '@/db/waits'
import type { WebhookRoute } from '@/db/webhooks'
import { markWorkerStopped, registerWorker, setJobWorkers } from '@/db/workers'
import type { Evaluate } from '@/flow/expression/evaluate'
import { isTerminal, type RunStatus } from '@/flow/run/event'
import { runs as kindRuns } from '@/nodes/runs'
import type { KindRun, LentServices } from '@/nodes/step'
import { isDatabaseAway } from '../explain'
import { createExpressionEvaluator } from '../expression/pool'
import type { Logger } from '../log'
import { answerLinkTasks } from './answer-links'
import { giveAnswer, type AnswerRequest } from './answers'
import { callTasks } from './call-tasks'
import { createCallees } from './callees'
import { createClock } from './clock'
import { createContinuation, type Continuation } from './continue'
import { createCustody } from './custody'
import { createDelivery, type DeliverEvent } from './deliver'
import { failureTasks } from './failures'
import { followRun, type Followed } from './follow'
import { createHub, type News } from './hub'
import { runJobs, type JobRunner } from './jobs'
import { listen } from './listen'
import type { RunSurroundings } from './live-run'
import { holdLiveness } from './liveness'
import { Measures } from './measures'
import { createNotifier } from './notifier'
import { createRunNumbers } from './numbers'
import type { Retention } from './retention'
import { createRoutes } from './routes'
import type { LeftRun, RunResult } from './run-result'
import { createSchedules } from './schedules'
import { slotGroup } from './slots'
import { createStart, type Start } from './start'
import { createStepSurroundings } from './surroundings'
import { createVersions, type LoadedVersion } from './versions'
import { createWatch } from './watch'
import { createWriter } from './writer'

export interface RuntimeOptions {
  db: Database
  services: (workspaceId: string) => LentServices
  log: Logger
  /** `web` executes only what is started inline here; the queue is left to the others. */
  role: 'all' | 'web' | 'worker'
  /** The secret of that name, or null. */
  secret?: (workspaceId: string, name: string) => Promise<string | null>
  /** How long an event that nobody waits for is kept; a day when not said. */
  keepEventsMs?: number
  /** What of ended runs is deleted; nothing when not said. */
  retention?: Retention
  /** Where people open this installation. */
  publicUrl?: string
  /** Behaviour by kind; the real ones unless a test adds its own. */
  runs?: Readonly<Record<string, KindRun>>
  /** Puts crash points around appends in tests. */
  append?: typeof appendBatch
}

interface Health {
  /** Whether histories can be written. */
  database: 'up' | 'away'
  /** Held: this process is known to live, and its runs are its own. */
  liveness: 'held' | 'lost'
  isStopping: boolean
  /** Runs in memory. */
  runs: number
  worker: number
}

/** The execution of runs in one process. */
export interface Runtime extends Continuation {
  start: Start
  /** Gives what the run was when it was asked; one that has ended stays as it is. Throws NotFoundError. */
  cancel(request: {
    workspaceId: string
    runId: string
    by?: string
    reason?: string
  }): Promise<{ status: RunStatus }>
  /** See `giveAnswer` for what it throws. */
  answer(request: AnswerRequest): Promise<void>
  deliverEvent: DeliverEvent
  /** Goes on with a parked run for which something has arrived; whoever has it in memory is told. Gives its end here. */
  goOn(runId: string): Promise<{ finished?: Promise<LeftRun> }>
  /** Told of what happens to a run as far as this process hears of it, until the function that it gives is called. */
  listen(runId: string, listener: (news: News) => void): () => void
  /** What a start would run. Throws NotFoundError, and InvalidFlowError when it cannot run. */
  version(workspaceId: string, flowId: string, version: 'draft' | 'live' | number): Promise<LoadedVersion>
  /** How a run stands when it has ended, or when the time is up; null when there is no such run. */
  waitForEnd(runId: string, limitMs: number): Promise<RunResult | null>
  /** See `followRun`. Throws NotFoundError at the first step. */
  follow(workspaceId: string, runId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<Followed>
  /** The live version's webhook trigger at this path, or null. */
  findWebhook(method: string, path: string): Promise<WebhookRoute | null>
  /** This process has published or archived a flow: its own next start must not wait for the word to come round. */
  published(): void
  /** Takes nothing new, lets what is in flight come to its end (10 s at most), hands the rest to others. */
  stop(): Promise<void>
  /** As steps evaluate expressions: what could run away runs on a thread that is ended in time. */
  evaluate: Evaluate
  health(): Health
  measures: Measures
}

const graceMs = 10_000
const keepEventsMs = 24 * 3_600_000
/** How often whoever waits for an end looks by itself: a notification may be lost. */
const lookMs = 2_000

/** Registers this process, recovers what dead ones left, and begins to take work. */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { db, log, role } = options
  const { pool } = db
  const clock = createClock()
  const hub = createHub()
  const versions = createVersions(db)
  const routes = createRoutes(db)
  const expressions = createExpressionEvaluator()
  const measures = new Measures()
  let isStopping = false

  function onTrouble(doing: string): (error: unknown) => void {
    return (error) => {
      if (isStopping) return
      if (isDatabaseAway(error)) log.debug({ err: error }, `The database is away while ${doing}`)
      else log.error({ err: error }, `Trouble while ${doing}`)
    }
  }

  const worker = await registerWorker(db, { role, host: hostname(), pid: process.pid })
  const liveness = holdLiveness(db.url, worker)
  const writer = createWriter({
    url: db.url,
    owner: worker,
    measures,
    onAway: (error) => log.warn({ err: error }, 'The database is away: histories wait to be written'),
    onBack: () => log.info('The database is back'),
    ...(options.append ? { append: options.append } : {}),
  })
  const notifier = createNotifier(pool, () => watch.aliveWorkers() > 1, onTrouble('telling other processes'))
  const custody = createCustody({
    db,
    worker,
    versions,
    surroundings: () => surroundings,
    wakeOwner: (run) => notifier.wake(run),
    onTrouble,
  })
  const surroundings: RunSurroundings = {
    clock,
    writer,
    log,
    hub: {
      ...hub,
      tell(run, news) {
        hub.tell(run, news)
        if (news.kind === 'events') notifier.stored(run)
        else if (news.kind === 'text') notifier.text(run, news.step, news.chunk)
      },
    },
    around: createStepSurroundings({
      db,
      runs: options.runs ?? kindRuns,
      services: options.services,
      sendEvent: (event) => deliverEvent(event),
      evaluate: expressions.evaluate,
      secret: options.secret ?? (async () => null),
    }),
    passDeadline(run, step) {
      deliverDeadline(pool, run.id, step)
        .then(() => custody.lookIntoInbox([run.id]))
        .catch(onTrouble('passing a deadline'))
    },
    callees: createCallees({ versions, evaluate: expressions.evaluate }),
    stopCalls(run, steps) {
      cancelCalls(pool, run, steps).catch(onTrouble('stopping the runs that another has started'))
    },
    awaitsEvent(workspaceId, { name, key = null }) {
      matchKeptEvents(pool, { workspaceId, name, key }).catch(onTrouble('looking for a kept event'))
    },
    left(run, why) {
      if (why === 'ended') measures.runEnded(run.state.status)
      custody.left(run, why)
    },
  }
  const start = createStart({
    db,
    clock,
    versions,
    numbers: createRunNumbers(db),
    writer,
    surroundings,
    evaluate: expressions.evaluate,
    takeUp: custody.takeUp,
    live: custody.live,
    isStopping: () => isStopping,
  })
  const continuation = createContinuation({
    db,
    versions,
    evaluate: expressions.evaluate,
    takeUp: custody.takeUp,
    onTrouble,
  })
  const schedules = role === 'web' ? null : createSchedules({ db, clock, log, start })
  const watch = createWatch({
    db,
    clock,
    log,
    custody,
    canJudge: liveness.isSettled,
    schedules,
    retention: options.retention ?? {},
    onTrouble,
  })

  function forgetRoutes(): void {
    routes.forget()
    versions.forgetLive()
    schedules?.plan().catch(onTrouble('planning schedules'))
  }
  const deliverEvent = createDelivery({
    db,
    log,
    evaluate: expressions.evaluate,
    start,
    keepMs: options.keepEventsMs ?? keepEventsMs,
  })

  const words = listen(db.url, {
    events: (runs) => runs.forEach((run) => hub.tell(run, { kind: 'stored' })),
    wake(run) {
      hub.tell(run, { kind: 'stored' })
      custody.wake(run).catch(onTrouble('reading an inbox'))
    },
    text(run, step, chunk) {
      if (!custody.live.has(run)) hub.tell(run, { kind: 'text', step, chunk })
    },
    routes: forgetRoutes,
    missed() {
      forgetRoutes()
      hub.tellAll({ kind: 'stored' })
    },
  })

  await Promise.all([liveness.ready, words.ready])
  // At once: a lone process that was killed and started again finds its own runs.
  await watch.look().catch(onTrouble('starting'))
  let jobs: JobRunner | null = null
  if (schedules) {
    const tasks = {
      advance: (payload: unknown) => custody.takeUpFromQueue(runOf(payload)),
      schedule: () => schedules.tick(),
      admit: (payload: unknown) => admitRuns(pool, slotGroup.parse(payload)),
      ...callTasks(db),
      ...failureTasks({ ...options, evaluate: expressions.evaluate, start }),
      ...answerLinkTasks(options),
    }
    jobs = await runJobs(pool, tasks, log)
    await setJobWorkers(db, worker, jobs.workers)
  }
  watch.start()

  async function waitForEnd(runId: string, limitMs: number): Promise<RunResult | null> {
    const endsAt = performance.now() + limitMs
    for (;;) {
      let wake: () => void = () => undefined
      const news = new Promise<void>((resolve) => (wake = resolve))
      const unlisten = hub.listen(runId, ({ kind }) => {
        if (kind === 'left' || kind === 'stored') wake()
      })
      try {
        const found = await findRunResult(db, runId)
        if (!found) return null
        const leftMs = endsAt - performance.now()
        if (isTerminal(found.status) || leftMs <= 0) return { runId, ...found }
        const timer = setTimeout(wake, Math.min(leftMs, lookMs))
        await news
        clearTimeout(timer)
      } finally {
        unlisten()
      }
    }
  }

  async function stop(): Promise<void> {
    if (isStopping) return
    isStopping = true
    const stopped = jobs?.stop()
    await watch.stop()
    await custody.clear(graceMs)
    await writer.drain(writer.isConnected() ? 5_000 : 0)
    await stopped?.catch(onTrouble('stopping'))
    await markWorkerStopped(db, worker).catch(onTrouble('stopping'))
    await Promise.all([words.close(), writer.end(), expressions.close()])
    // Last: until here nobody may think that its runs are free.
    await liveness.close()
  }

  return {
    start,
    ...continuation,
    async cancel({ workspaceId, runId, ...request }) {
      const { status } = await requestCancel(db, workspaceId, runId, request)
      if (custody.live.get(runId)?.cancel(request)) return { status }
      if (status === 'queued' || status === 'waiting') await custody.takeUp(runId)
      return { status }
    },
    answer: (request) => giveAnswer(db, request),
    deliverEvent,
    async goOn(runId) {
      if (!(await custody.takeUp(runId))) await notifier.wake(runId)
      return { finished: custody.live.get(runId)?.finished }
    },
    listen: (runId, listener) => hub.listen(runId, listener),
    version: (workspaceId, flowId, version) => versions.forStart(workspaceId, flowId, version),
    waitForEnd,
    follow: (workspaceId, runId, afterSeq, signal) =>
      followRun(db, hub, workspaceId, runId, afterSeq, signal),
    findWebhook: (method, path) => routes.find(method, path),
    published: forgetRoutes,
    stop,
    measures,
    evaluate: expressions.evaluate,
    health: () => ({
      database: writer.isConnected() ? 'up' : 'away',
      liveness: liveness.isConnected() ? 'held' : 'lost',
      isStopping,
      runs: custody.live.size,
      worker,
    }),
  }
}

function runOf(payload: unknown): string {
  return typeof payload === 'object' && payload !== null && 'run' in payload ? String(payload.run) : ''
}
