import { claimRun, forsakeRun, listCancelRequests, listOwnedRuns, ownerOf, type Claim } from '@/db/claims'
import { listEndedCalls } from '@/db/calls'
import type { Database } from '@/db/client'
import { listEvents } from '@/db/events'
import { hasArrivals, listArrived } from '@/db/waits'
import { eventData, type NewEvent, type RunEvent } from '@/flow/run/event'
import type { Json } from '@/flow/json'
import { StepError, type RunsWait } from '@/flow/kind'
import { next } from '@/flow/run/next'
import type { StepId } from '@/flow/run/step-id'
import type { Callee, Callees } from './callees'
import type { Leaving } from './journal'
import { LiveRun, type RunSurroundings } from './live-run'
import { RestingRuns, type KnownHistory } from './resting'
import { roughSize } from './value-size'
import type { Versions } from './versions'

/** The runs that this process has in memory: how they get there, and how they leave. */
export interface Custody {
  readonly live: Map<string, LiveRun>
  /** Makes this process the owner of a run that is nobody's, and goes on with it. False when somebody else has it. */
  takeUp(run: string): Promise<boolean>
  /** The same for a job, when there is room; wakes the owner when there is one. */
  takeUpFromQueue(run: string): Promise<void>
  /** Hands over what arrived for runs in memory: answers, events, cancel requests. */
  lookIntoInbox(runs: readonly string[]): Promise<void>
  /** Something arrived for a run that may be in this memory. */
  wake(run: string): Promise<void>
  left(run: LiveRun, why: Leaving): void
  /** Gives up runs that name this process as their owner but are not in its memory, now and when last looked. */
  forsakeStrays(): Promise<void>
  /** Lets everything in flight come to its end within the limit, then hands back what is left. */
  clear(limitMs: number): Promise<void>
}

/** Runs in memory at once that came from the queue; the rest stays there for other workers. */
const runsAtOnce = 250
/** Deaths at one and the same step. */
const crashesAllowed = 3
/** Deaths without progress that no step can be blamed for: the processes may just have been short of breath. */
const crashesWithoutSuspect = 12

export function createCustody(parts: {
  db: Database
  worker: number
  versions: Versions
  surroundings: () => RunSurroundings
  /** Tells the owner of a run, in another process, to look into its inbox. */
  wakeOwner(run: string): Promise<void>
  onTrouble(doing: string): (error: unknown) => void
}): Custody {
  const { db, worker, versions } = parts
  const { pool } = db
  const live = new Map<string, LiveRun>()
  /** Runs on their way into memory; something came for those of `true` that they may have missed. */
  const loading = new Map<string, boolean>()
  const resting = new RestingRuns()
  const waitingForRoom: (() => void)[] = []
  let strays = new Set<string>()
  let isClosing = false

  const hasRoom = () => live.size + loading.size < runsAtOnce
  function admit(): void {
    while (hasRoom() && waitingForRoom.length > 0) waitingForRoom.shift()?.()
  }

  async function takeUp(run: string): Promise<boolean> {
    if (isClosing) return false
    if (live.has(run)) {
      await lookIntoInbox([run])
      return true
    }
    if (loading.has(run)) {
      loading.set(run, true)
      return true
    }
    loading.set(run, false)
    try {
      const { clock } = parts.surroundings()
      const askedAtMs = Date.now()
      const claim = await claimRun(pool, run, worker)
      if (!claim) return false
      clock.learn(claim.now, askedAtMs, Date.now())
      await load(claim).catch(async (error: unknown) => {
        live.delete(run)
        await forsakeRun(pool, run, worker)
        throw error
      })
      return true
    } finally {
      loading.delete(run)
    }
  }

  async function load(claim: Claim): Promise<void> {
    const { run: id, workspaceId, number, epoch } = claim
    const [version, history] = await Promise.all([
      versions.byId(workspaceId, claim.versionId),
      historyOf(claim),
    ])
    const { events } = history
    const { id: versionId, graph } = version
    const { priority, parent, slotKey } = claim
    const run = new LiveRun(
      { id, workspaceId, number, epoch, versionId, graph, priority, parent, slotKey },
      parts.surroundings(),
      { ...history, create: null },
    )
    live.set(id, run)
    const toPrepare = run.calls.unprepared()
    if (toPrepare.length > 0) await prepareCalls(run, toPrepare, parts.surroundings().callees)
    const news: NewEvent[] = []
    if (claim.lastSeq === 0) {
      news.push({ type: 'run_started', data: eventData.run_started.parse({ ...claim.start, number }) })
    }
    if (claim.cancelRequested) news.push({ type: 'run_cancelled', data: claim.cancelRequested })
    else if (claim.slot === 'refused') news.push({ type: 'run_failed', data: { error: noRoom } })
    if (news.length > 0) run.begin(...news)
    // One that only waited, or paused between attempts, was not what killed its process.
    const isAtWork = next(graph, run.state).some(({ do: what }) => what !== 'retry')
    const suspect = claim.crashes >= crashesAllowed && isAtWork ? deadlyStep(events) : null
    if (suspect !== null || (claim.crashes >= crashesWithoutSuspect && isAtWork))
      run.begin({ type: 'run_failed', data: { error: poisoned(claim, suspect) } })
    // What was claimed with it is the whole inbox, unless somebody else looked into that meanwhile.
    if (toPrepare.length > 0 || loading.get(id)) await lookIntoInbox([id])
    else {
      for (const { step, resolution } of claim.arrived) run.arrived(step, resolution)
      for (const call of claim.endedCalls) run.callEnded(call)
    }
    run.advance()
  }

  /** Read from the database as far as it is not known here. */
  async function historyOf({ run, workspaceId, lastSeq }: Claim): Promise<KnownHistory> {
    const known: KnownHistory = resting.wake(run) ?? { events: [], size: 0 }
    if (known.events.length === lastSeq) return known
    const news = await listEvents(db, workspaceId, run, known.events.length)
    return {
      ...known,
      events: [...known.events, ...news],
      size: news.reduce((size, { data }) => size + roughSize(data as Json), known.size),
    }
  }

  async function lookIntoInbox(runs: readonly string[]): Promise<void> {
    const [arrivals, ended, cancels] = await Promise.all([
      listArrived(pool, runs),
      listEndedCalls(pool, runs),
      listCancelRequests(pool, runs),
    ])
    for (const { run, step, resolution } of arrivals) live.get(run)?.arrived(step, resolution)
    for (const call of ended) live.get(call.parent)?.callEnded(call)
    for (const [run, request] of cancels) live.get(run)?.cancel(request)
  }

  return {
    live,
    takeUp,
    lookIntoInbox,
    async wake(run) {
      if (loading.has(run)) loading.set(run, true)
      if (live.has(run)) await lookIntoInbox([run])
    },
    async takeUpFromQueue(run) {
      while (!hasRoom() && !live.has(run) && !isClosing) {
        await new Promise<void>((resolve) => waitingForRoom.push(resolve))
      }
      if (isClosing) throw new Error('This process is stopping: the job is for another one.')
      if (await takeUp(run)) return
      if ((await ownerOf(pool, run)) !== null) await parts.wakeOwner(run)
    },
    left(run, why) {
      if (live.get(run.id) === run) live.delete(run.id)
      admit()
      if (why !== 'parked') return
      resting.rest(run.id, run.history)
      // Its wake-up may have come while it was being parked, and found it owned.
      hasArrivals(pool, run.id)
        .then((arrived) => (arrived ? takeUp(run.id) : undefined))
        .catch(parts.onTrouble('parking a run'))
    },
    async forsakeStrays() {
      const owned = await listOwnedRuns(pool, worker)
      const found = owned.filter((run) => !live.has(run) && !loading.has(run))
      for (const run of found) if (strays.has(run)) await forsakeRun(pool, run, worker)
      strays = new Set(found)
    },
    async clear(limitMs) {
      isClosing = true
      for (const resolve of waitingForRoom.splice(0)) resolve()
      for (const run of [...live.values()]) run.stop()
      const timeUp = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref())
      await Promise.race([Promise.all([...live.values()].map((run) => run.finished)), timeUp])
      for (const run of [...live.values()]) run.stopNow()
      resting.clear()
    },
  }
}

/** What its steps are still to call is looked up before it goes on; what is not there any more fails when its turn comes. */
async function prepareCalls(
  run: LiveRun,
  waiting: readonly [StepId, RunsWait][],
  callees: Callees,
): Promise<void> {
  for (const [step, wait] of waiting) {
    const found = await callees(run, wait).catch((error: unknown): Callee[] => {
      if (!(error instanceof StepError)) throw error
      const { code, message } = error
      return wait.calls.map(() => ({ to: 'nowhere', error: { code, message } }))
    })
    run.calls.prepare(step, found)
  }
}

const noRoom = {
  code: 'concurrency_full',
  message: 'As many runs of this flow as may go on at once were going on, and it refuses more.',
}

/** The step that was begun by as many processes as may die of it, and never came to an end; null when there is none. */
function deadlyStep(events: readonly RunEvent[]): StepId | null {
  const begun = new Map<StepId, number>()
  for (const { type, step } of events) {
    if (step === undefined) continue
    if (type === 'step_started') begun.set(step, (begun.get(step) ?? 0) + 1)
    else begun.delete(step)
  }
  for (const [step, times] of begun) if (times >= crashesAllowed) return step
  return null
}

function poisoned({ crashes }: Claim, suspect: StepId | null) {
  const where = suspect === null ? 'this run' : `step ${suspect}`
  return {
    code: 'poisoned',
    message: `The process died ${crashes} times while it was at work on ${where}. Look at it before continuing the run.`,
    ...(suspect === null ? {} : { step: suspect }),
  }
}
