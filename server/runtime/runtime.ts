import { hostname } from 'node:os'
import type { appendBatch } from '@/db/append'
import {
  claimRun,
  listCancelRequests,
  ownerOf,
  recoverRuns,
  requestCancel,
  wakeOverdueRuns,
  type Claim,
} from '@/db/claims'
import type { Database } from '@/db/client'
import { listEvents, makeEventPartitions } from '@/db/events'
import { findRunResult } from '@/db/runs'
import { getVariables } from '@/db/variables'
import { deliverDeadline, deliverToWaits, hasArrivals, listArrived } from '@/db/waits'
import type { WebhookRoute } from '@/db/webhooks'
import { markWorkerStopped, registerWorker, setJobWorkers } from '@/db/workers'
import { StepError } from '@/flow/kind'
import type { Json, JsonObject } from '@/flow/json'
import { eventData, isTerminal, type RunStatus } from '@/flow/run/event'
import { runs as kindRuns } from '@/nodes/runs'
import type { KindRun, Services } from '@/nodes/step'
import { isDatabaseAway } from '../explain'
import { createExpressionEvaluator } from '../expression/pool'
import type { Logger } from '../log'
import { giveAnswer, type AnswerRequest } from './answers'
import { createClock } from './clock'
import { followRun, type Followed } from './follow'
import { createHub } from './hub'
import { runJobs, type JobRunner } from './jobs'
import { listen } from './listen'
import type { Leaving } from './journal'
import { LiveRun, type RunResult, type RunSurroundings } from './live-run'
import { holdLiveness } from './liveness'
import { createNotifier } from './notifier'
import { createRunNumbers } from './numbers'
import type { StepSurroundings } from './perform'
import { createRoutes } from './routes'
import { createSchedules } from './schedules'
import { createStart, type Start } from './start'
import { createVersions } from './versions'
import { createWriter } from './writer'

export type Role = 'all' | 'web' | 'worker'

export interface RuntimeOptions {
  db: Database
  services: (workspaceId: string) => Services
  log: Logger
  /** `web` executes only what is started inline here; jobs are left to the others. */
  role: Role
  /** The secret of that name, or null. */
  secret?: (workspaceId: string, name: string) => Promise<string | null>
  /** Behaviour by kind; the real ones unless a test adds its own. */
  runs?: Readonly<Record<string, KindRun>>
  /** Puts crash points around appends in tests. */
  append?: typeof appendBatch
}

export interface Health {
  /** Appends go through. */
  database: 'up' | 'away'
  /** It is known to live: its runs are its own. */
  liveness: 'held' | 'lost'
  isStopping: boolean
  /** Runs in memory. */
  runs: number
  worker: number
}

/** The execution of runs in one process. */
export interface Runtime {
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
  /** Gives how many waiting steps got the event. */
  deliverEvent(event: { workspaceId: string; name: string; key?: string; data: Json }): Promise<number>
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
  health(): Health
}

const tickMs = 2_000
const graceMs = 10_000
/** Runs in memory at once that came from the queue; the rest stays in the queue for other workers. */
const runsAtOnce = 250
const crashesAllowed = 3
const variablesForMs = 2_000

/** Registers this process, recovers what dead ones left, and begins to take work. */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { db, log, role } = options
  const { pool } = db
  const clock = createClock()
  const hub = createHub()
  const live = new Map<string, LiveRun>()
  const versions = createVersions(db)
  const routes = createRoutes(db)
  const expressions = createExpressionEvaluator()
  const vars = new Map<string, { values: Promise<JsonObject>; untilMs: number }>()
  let aliveWorkers = 1
  let isStopping = false
  let lastTidyAtMs = 0
  let lastPartitionsAtMs = performance.now()
  let ticking: Promise<void> | null = null

  const worker = await registerWorker(db, { role, host: hostname(), pid: process.pid })
  const liveness = holdLiveness(db.url, worker)
  const writer = createWriter({
    url: db.url,
    owner: () => worker,
    onAway: (error) => log.warn({ err: error }, 'The database is away: histories wait to be written'),
    onBack: () => log.info('The database is back'),
    ...(options.append ? { append: options.append } : {}),
  })
  const notifier = createNotifier(pool, () => aliveWorkers > 1, reportTrouble('telling other processes'))
  const words = listen(db.url, {
    events: (runs) => runs.forEach((run) => hub.tell(run, { kind: 'stored' })),
    wake: (run) => {
      hub.tell(run, { kind: 'stored' })
      if (live.has(run)) lookIntoInbox([run]).catch(reportTrouble('reading an inbox'))
    },
    text: (run, step, chunk) => {
      if (!live.has(run)) hub.tell(run, { kind: 'text', step, chunk })
    },
    routes: () => {
      routes.forget()
      versions.forgetLive()
      if (role !== 'web') schedules.plan().catch(reportTrouble('planning schedules'))
    },
    missed: () => {
      routes.forget()
      versions.forgetLive()
      hub.tellAll({ kind: 'stored' })
    },
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
    around,
    passDeadline(run, step) {
      deliverDeadline(pool, run.id, step)
        .then(() => lookIntoInbox([run.id]))
        .catch(reportTrouble('passing a deadline'))
    },
    left,
  }

  const start = createStart({
    db,
    clock,
    versions,
    numbers: createRunNumbers(db),
    writer,
    surroundings,
    live,
    isStopping: () => isStopping,
  })
  const schedules = createSchedules({ db, pool, clock, log, start })

  function reportTrouble(doing: string): (error: unknown) => void {
    return (error) => {
      if (isStopping) return
      if (isDatabaseAway(error)) log.debug({ err: error }, `The database is away while ${doing}`)
      else log.error({ err: error }, `Trouble while ${doing}`)
    }
  }

  async function around(workspaceId: string): Promise<StepSurroundings> {
    return {
      runs: options.runs ?? kindRuns,
      services: options.services(workspaceId),
      vars: await variablesOf(workspaceId),
      evaluate: expressions.evaluate,
      async secret(name) {
        const secret = await options.secret?.(workspaceId, name)
        if (secret === null || secret === undefined) {
          throw new StepError('secret_missing', `There is no secret ${name}. Add it in the settings.`)
        }
        return secret
      },
    }
  }

  function variablesOf(workspaceId: string): Promise<JsonObject> {
    const known = vars.get(workspaceId)
    if (known && known.untilMs > performance.now()) return known.values
    const values = getVariables(db, workspaceId)
    values.catch(() => vars.delete(workspaceId))
    vars.set(workspaceId, { values, untilMs: performance.now() + variablesForMs })
    return values
  }

  function left(run: LiveRun, why: Leaving): void {
    if (live.get(run.id) === run) live.delete(run.id)
    freeSlots()
    // Its wake-up may have come while it was being parked, and found it owned.
    if (why !== 'parked') return
    hasArrivals(pool, run.id)
      .then((arrived) => (arrived ? takeUp(run.id) : undefined))
      .catch(reportTrouble('parking a run'))
  }

  async function lookIntoInbox(runs: string[]): Promise<void> {
    const [arrivals, cancels] = await Promise.all([listArrived(pool, runs), listCancelRequests(pool, runs)])
    for (const { run, step, resolution } of arrivals) live.get(run)?.arrived(step, resolution)
    for (const [run, request] of cancels) live.get(run)?.cancel(request)
  }

  /** Makes this process the owner of a run that is nobody's, and goes on with it. False when somebody else has it. */
  async function takeUp(runId: string): Promise<boolean> {
    if (isStopping) return false
    if (live.has(runId)) {
      await lookIntoInbox([runId])
      return true
    }
    const askedAtMs = Date.now()
    const claim = await claimRun(pool, runId, worker)
    if (!claim) return false
    clock.learn(claim.now, askedAtMs, Date.now())
    await load(claim)
    return true
  }

  async function load(claim: Claim): Promise<void> {
    const [version, events] = await Promise.all([
      versions.byId(claim.workspaceId, claim.versionId),
      listEvents(db, claim.workspaceId, claim.run),
    ])
    const run = new LiveRun(
      {
        id: claim.run,
        workspaceId: claim.workspaceId,
        number: claim.number,
        epoch: claim.epoch,
        graph: version.graph,
      },
      surroundings,
      { events, create: null },
    )
    live.set(claim.run, run)
    if (claim.lastSeq === 0) {
      run.begin({ type: 'run_started', data: eventData.run_started.parse(claim.start) })
    }
    if (claim.crashes >= crashesAllowed) {
      const message = `The process died ${claim.crashes} times while it was at work on this run. Look at the steps in flight before continuing it.`
      run.begin({ type: 'run_failed', data: { error: { code: 'poisoned', message } } })
    }
    if (claim.cancelRequested) run.cancel(claim.cancelRequested)
    await lookIntoInbox([claim.run])
    run.advance()
  }

  const slotWaiters: (() => void)[] = []
  function freeSlots(): void {
    while (live.size < runsAtOnce && slotWaiters.length > 0) slotWaiters.shift()?.()
  }

  async function advanceJob(payload: unknown): Promise<void> {
    const runId =
      typeof payload === 'object' && payload !== null && 'run' in payload ? String(payload.run) : ''
    while (live.size >= runsAtOnce && !live.has(runId)) {
      await new Promise<void>((resolve) => slotWaiters.push(resolve))
    }
    if (isStopping) throw new Error('This process is stopping: the job is for another one.')
    if (await takeUp(runId)) return
    if ((await ownerOf(pool, runId)) !== null) await notifier.wake(runId)
  }

  async function tick(): Promise<void> {
    const askedAtMs = Date.now()
    const found = await recoverRuns(db)
    if (found) {
      if (found.recovered.length > 0) log.warn({ runs: found.recovered }, 'Runs of a dead process go on')
    }
    const { rows } = await pool.query<{ now: Date; alive: number }>({
      name: 'tick',
      text: `select clock_timestamp() as now, count(*)::int as alive from pg_locks
             where locktype = 'advisory' and classid = 77002 and granted`,
    })
    const told = rows[0]
    if (told) {
      clock.learn(told.now, askedAtMs, Date.now())
      aliveWorkers = told.alive
    }
    if (live.size > 0) await lookIntoInbox([...live.keys()])
    if (performance.now() - lastTidyAtMs > 10_000) {
      lastTidyAtMs = performance.now()
      await wakeOverdueRuns(pool)
      if (role !== 'web') {
        await schedules.plan()
        await schedules.tick()
      }
    }
    if (performance.now() - lastPartitionsAtMs > 3_600_000) {
      lastPartitionsAtMs = performance.now()
      await makeEventPartitions(pool)
    }
  }

  await Promise.all([liveness.ready, words.ready])
  await tick().catch(reportTrouble('starting'))
  let jobs: JobRunner | null = null
  if (role !== 'web') {
    jobs = await runJobs(pool, { advance: advanceJob, schedule: () => schedules.tick() }, log)
    await setJobWorkers(db, worker, jobs.workers)
  }
  const ticker = setInterval(() => {
    ticking ??= tick()
      .catch(reportTrouble('looking after runs'))
      .finally(() => (ticking = null))
  }, tickMs)

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
        const timer = setTimeout(wake, Math.min(leftMs, tickMs))
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
    clearInterval(ticker)
    for (const resolve of slotWaiters.splice(0)) resolve()
    const stopped = jobs?.stop()
    for (const run of [...live.values()]) run.stop()
    const endsAt = performance.now() + graceMs
    while (live.size > 0 && performance.now() < endsAt) {
      await Promise.race([
        ...[...live.values()].map((run) => run.finished),
        sleep(endsAt - performance.now()),
      ])
    }
    for (const run of [...live.values()]) run.stopNow()
    await writer.drain(writer.isConnected() ? 5_000 : 0)
    await stopped?.catch(reportTrouble('stopping'))
    await ticking
    await markWorkerStopped(db, worker).catch(reportTrouble('stopping'))
    await Promise.all([words.close(), writer.end(), expressions.close()])
    await liveness.close()
  }

  return {
    start,
    async cancel({ workspaceId, runId, ...request }) {
      const { status } = await requestCancel(db, workspaceId, runId, request)
      if (live.get(runId)?.cancel(request)) return { status }
      if (status === 'queued' || status === 'waiting') await takeUp(runId)
      return { status }
    },
    answer: (request) => giveAnswer(db, request),
    async deliverEvent({ workspaceId, name, key = null, data }) {
      return (await deliverToWaits(db, workspaceId, { name, key, data })).length
    },
    waitForEnd,
    follow: (workspaceId, runId, afterSeq, signal) =>
      followRun(db, hub, workspaceId, runId, afterSeq, signal),
    findWebhook: (method, path) => routes.find(method, path),
    published() {
      routes.forget()
      versions.forgetLive()
    },
    stop,
    health: () => ({
      database: writer.isConnected() ? 'up' : 'away',
      liveness: liveness.isConnected() ? 'held' : 'lost',
      isStopping,
      runs: live.size,
      worker,
    }),
  }
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, delayMs)))
}

export type { RunResult }
