import { randomBytes } from 'node:crypto'
import type { Append, JobRequest, NewRun, WaitChange } from '@/db/append'
import { parseDurationMs } from '@/flow/duration'
import type { Graph } from '@/flow/graph'
import type { Json } from '@/flow/json'
import { effectOf, type Outcome, type Resolution, type Wait } from '@/flow/kind'
import { retryPolicyOf } from '@/flow/retry'
import {
  isTerminal,
  runLimits,
  type NewEvent,
  type RunError,
  type RunEvent,
  type RunStatus,
} from '@/flow/run/event'
import { next } from '@/flow/run/next'
import { fold, startState } from '@/flow/run/replay'
import { settleError, settleOutcome, type Attempt } from '@/flow/run/settle'
import type { RunState } from '@/flow/run/state'
import type { StepId } from '@/flow/run/step-id'
import type { Logger } from '../log'
import type { Clock } from './clock'
import type { Hub } from './hub'
import { LeaseLostError } from './lease'
import { errorOf, performStep, type StepAction, type StepSurroundings } from './perform'
import { storedEvent } from './stored-event'
import type { AppendSource, Writer } from './writer'

/** A run that becomes due within this stays in memory: parking costs two commits and a job. */
const lingerMs = 5_000
/** Jobs fire up to a poll interval late, so a parked run is woken this much early and lingers until the moment. */
export const wakeEarlyMs = 2_000
/** How long results of pure steps may wait for company while others of the run are at work. */
const flushAfterMs = 25
/** Room below the limit of events for what ends the run. */
const eventsKept = 50

export interface RunResult {
  runId: string
  number: number
  status: RunStatus
  output: Json
  error: RunError | null
  httpStatus: number | null
}

/** Why a run is not in this memory any more. */
export type Leaving = 'ended' | 'parked' | 'handed_back' | 'lost'

/** What a live run is lent by its process. */
export interface RunSurroundings {
  clock: Clock
  writer: Writer
  hub: Hub
  log: Logger
  around(workspaceId: string): Promise<StepSurroundings>
  /** Lets the database decide between a deadline and an answer, and hands over what arrived. */
  passDeadline(run: LiveRun, step: StepId): void
  left(run: LiveRun, why: Leaving): void
}

export interface RunIdentity {
  id: string
  workspaceId: string
  number: number
  epoch: number
  graph: Graph
}

/**
 * One run in memory: asks `next`, performs, settles, folds, and has the writer store what happened. All that it
 * decides comes from its history, so it can be dropped at any moment and made again elsewhere.
 */
export class LiveRun implements AppendSource {
  readonly id: string
  readonly workspaceId: string
  readonly number: number
  readonly epoch: number
  readonly graph: Graph
  readonly state: RunState = startState()
  /** When it has left this memory, and how it stood then. */
  readonly finished: Promise<RunResult>
  /** When its first append is stored. Rejects when it never will be. */
  readonly acknowledged: Promise<void>

  #storedSeq = 0
  #create: NewRun | null = null
  #pending: RunEvent[] = []
  #waits = new Map<StepId, WaitChange>()
  #jobs: JobRequest[] = []
  #dropJobs: string[] = []
  #tokens = 0
  #progress = false
  /** What the append on its way holds of the above. */
  #taken: { events: RunEvent[]; heard: StepId[]; leaving: Leaving | null } | null = null
  #inFlight = new Map<StepId, { controller: AbortController; pure: boolean }>()
  #pureInFlight = 0
  /** Waiting steps and pausing retries, with the time when each becomes due; null = never by itself. */
  #waiting = new Map<StepId, number | null>()
  #retries = new Map<StepId, number>()
  /** Arrivals that are in the history but may still be in the inbox. */
  #hearing = new Set<StepId>()
  #deadlineMs: number | null = null
  #hadTimer: boolean
  #timer: NodeJS.Timeout | null = null
  #timerAtMs = Infinity
  #flushTimer: NodeJS.Timeout | null = null
  #leaving: Leaving | null = null
  #hasLeft = false
  #isStopping = false
  #storedWaiters: { seq: number; resolve: () => void; reject: (error: Error) => void }[] = []
  #finish: (result: RunResult) => void = () => undefined
  #acknowledge: { resolve: () => void; reject: (error: Error) => void } | null = null
  #lastAtMs = 0
  #around: Promise<StepSurroundings> | null = null

  constructor(
    identity: RunIdentity,
    readonly surroundings: RunSurroundings,
    /** Its history so far; `create` when there is none and the run itself is not stored yet. */
    history: { events: readonly RunEvent[]; create: NewRun | null },
  ) {
    this.id = identity.id
    this.workspaceId = identity.workspaceId
    this.number = identity.number
    this.epoch = identity.epoch
    this.graph = identity.graph
    this.#create = history.create
    // A new run has no timer to drop at its end.
    this.#hadTimer = history.create === null
    for (const event of history.events) this.#fold(event)
    this.#storedSeq = this.state.lastSeq
    this.finished = new Promise((resolve) => (this.#finish = resolve))
    this.acknowledged = new Promise((resolve, reject) => (this.#acknowledge = { resolve, reject }))
    this.acknowledged.catch(() => undefined)
  }

  get isLeaving(): boolean {
    return this.#leaving !== null
  }

  get isHeldByEffects(): boolean {
    return this.#inFlight.size > 0
  }

  /** Steps whose inbox is worth a look. */
  get hasWaits(): boolean {
    return this.#waiting.size > 0
  }

  /** Appends what only the runtime knows, such as the start, and goes on. */
  begin(...events: NewEvent[]): void {
    this.#emitAll(events)
    this.advance()
  }

  /** Does everything that can be done now. Safe to call at any time. */
  advance(): void {
    if (this.#leaving) return
    if (this.#deadlineMs !== null && this.#now() >= this.#deadlineMs && !isTerminal(this.state.status)) {
      this.#emitAll([
        {
          type: 'run_failed',
          data: { error: { code: 'run_timeout', message: 'The run took longer than its time limit.' } },
        },
      ])
    }
    for (let again = true; again && !isTerminal(this.state.status);) {
      again = false
      this.#retries.clear()
      for (const action of next(this.graph, this.state)) {
        if (action.do === 'skip') {
          this.#emit({ type: 'step_skipped', step: action.step, data: {} })
          again = true
        } else if (action.do === 'finish') this.#emit(action.event)
        else this.#consider(action)
      }
    }
    this.#settleDown()
  }

  #consider(action: StepAction): void {
    if (this.#inFlight.has(action.step)) return
    if (action.do === 'retry') {
      const dueMs = Date.parse(action.at)
      if (dueMs > this.#now()) {
        this.#retries.set(action.step, dueMs)
        return
      }
    }
    if (this.#isStopping || this.#inFlight.size >= runLimits.stepsAtOnce) return
    const node = this.graph.node(action.node)
    const definition = this.graph.definition(action.node)
    const pure = !node || !definition || effectOf(definition, node.config) === 'none'
    const flight = { controller: new AbortController(), pure }
    this.#inFlight.set(action.step, flight)
    if (pure) this.#pureInFlight++
    void this.#perform(action, flight.controller.signal).then((events) =>
      this.#landed(action, flight, events),
    )
  }

  /** Gives the events that the attempt means; never throws. */
  async #perform(action: StepAction, signal: AbortSignal): Promise<NewEvent[]> {
    const { step, attempt } = action
    const begunAt = performance.now()
    let isEffect = false
    const measured = (): Attempt => ({
      step,
      attempt,
      ...(isEffect ? {} : { tookUs: Math.round((performance.now() - begunAt) * 1_000) }),
    })
    try {
      this.#around ??= this.surroundings.around(this.workspaceId)
      const { outcome, instead } = await performStep({
        runId: this.id,
        graph: this.graph,
        state: this.state,
        action,
        around: await this.#around,
        nowMs: this.#now(),
        signal,
        emit: {
          text: (chunk) => this.surroundings.hub.tell(this.id, { kind: 'text', step, chunk }),
          log: (level, message) => this.surroundings.log[level]({ run: this.id, step }, message),
        },
        beforeEffect: async (config) => {
          isEffect = true
          signal.throwIfAborted()
          this.#emit({ type: 'step_started', step, data: { attempt, config } })
          await this.#stored(this.state.lastSeq)
          signal.throwIfAborted()
        },
      })
      this.#count(outcome, isEffect)
      const token = outcome.type === 'wait' ? this.#tokenOf(step, outcome.wait) : undefined
      return settleOutcome(
        this.graph,
        this.state,
        { ...measured(), ...(instead ? { instead } : {}) },
        outcome,
        token,
      )
    } catch (thrown) {
      if (signal.aborted && thrown === signal.reason) return []
      const { retryAfterMs, ...error } = errorOf(thrown)
      const node = this.graph.node(action.node)
      if (error.code === 'unexpected') {
        this.surroundings.log.warn({ run: this.id, step, err: thrown }, 'A step failed unexpectedly')
      }
      if (!node) return []
      return settleError(this.graph, measured(), error, {
        policy: retryPolicyOf(node, this.graph.document.settings),
        nowMs: this.#now(),
        random: Math.random(),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      })
    }
  }

  #count(outcome: Outcome, isEffect: boolean): void {
    if (isEffect) this.#progress = true
    if (outcome.type !== 'done' || !outcome.usage) return
    this.#tokens += outcome.usage.inputTokens + outcome.usage.outputTokens
  }

  #tokenOf(step: StepId, wait: Wait): string | undefined {
    if (wait.for === 'timer') return undefined
    return this.state.steps.get(step)?.token ?? randomBytes(18).toString('base64url')
  }

  #landed(
    action: StepAction,
    flight: { controller: AbortController; pure: boolean },
    events: NewEvent[],
  ): void {
    if (this.#inFlight.get(action.step) !== flight) return
    this.#drop(action.step)
    if (this.#hasLeft || isTerminal(this.state.status)) return
    this.#emitAll(events)
    this.advance()
  }

  #drop(step: StepId): void {
    const flight = this.#inFlight.get(step)
    if (!flight) return
    this.#inFlight.delete(step)
    if (flight.pure) this.#pureInFlight--
  }

  #abort(step: StepId, reason: string): void {
    const flight = this.#inFlight.get(step)
    this.#drop(step)
    flight?.controller.abort(new Error(reason))
  }

  /** Something that a waiting step waited for; ignored when it came before. */
  arrived(step: StepId, resolution: Resolution): void {
    if (this.#leaving || this.#hearing.has(step)) return
    this.#hearing.add(step)
    if (this.state.steps.get(step)?.status !== 'waiting') {
      this.#changeWait(step, { heard: true, closed: true })
      this.advance()
      return
    }
    this.#changeWait(step, { heard: true })
    this.#emit({
      type: resolution.by === 'answer' ? 'answer_received' : 'event_received',
      step,
      data: { resolution },
    })
    this.advance()
  }

  /** False when it is too late here: the run is ending, being parked or handed back. */
  cancel(request: { by?: string; reason?: string }): boolean {
    if (this.#leaving) return false
    this.#emitAll([{ type: 'run_cancelled', data: request }])
    this.advance()
    return true
  }

  /** Begins nothing new, and gives the run back as soon as what is in flight has come to its end. */
  stop(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    this.advance()
  }

  /** Gives the run back now: what is in flight is aborted, and left to its next owner to judge. */
  stopNow(): void {
    this.#isStopping = true
    for (const step of [...this.#inFlight.keys()]) this.#abort(step, 'The process is stopping.')
    this.advance()
  }

  #now(): number {
    return this.surroundings.clock.nowMs()
  }

  #emitAll(events: readonly NewEvent[]): void {
    for (const event of events) {
      if (isTerminal(this.state.status)) return
      this.#emit(event)
    }
    if (this.state.lastSeq < runLimits.events - eventsKept || isTerminal(this.state.status)) return
    this.#emit({
      type: 'run_failed',
      data: {
        error: {
          code: 'too_many_events',
          message: `The run has reached ${runLimits.events} events, the limit of one run.`,
        },
      },
    })
  }

  #emit(event: NewEvent): void {
    if (this.#hasLeft || isTerminal(this.state.status)) return
    // Times of a history never go back, whatever the clock does.
    this.#lastAtMs = Math.max(this.#lastAtMs, this.#now())
    const numbered: RunEvent = {
      ...event,
      seq: this.state.lastSeq + 1,
      at: new Date(this.#lastAtMs).toISOString(),
    }
    this.#pending.push(numbered)
    this.#fold(numbered)
  }

  /** Folds, and keeps what is derived of it true: waits, timers, and what is in flight for a step that is no more. */
  #fold(event: RunEvent): void {
    const { step } = event
    fold(this.graph, this.state, event)
    switch (event.type) {
      case 'run_started': {
        const { timeout } = this.graph.document.settings
        const limitMs = timeout === undefined ? null : parseDurationMs(timeout)
        this.#deadlineMs = limitMs === null ? null : Date.parse(event.at) + limitMs
        return
      }
      case 'step_waiting':
        if (step === undefined) return
        this.#waiting.set(step, dueOf(event.data.wait))
        if (event.seq > this.#storedSeq && this.#pending.length > 0) {
          this.#changeWait(step, { open: openingOf(event.data.wait, event.data.token) })
        }
        return
      case 'round_started':
        for (const flying of [...this.#inFlight.keys()]) {
          if (!this.state.candidates.has(flying)) this.#abort(flying, 'A new round of this step began.')
        }
        for (const waiting of [...this.#waiting.keys()]) this.#closeUnlessWaiting(waiting)
        return
      case 'run_completed':
      case 'run_failed':
      case 'run_cancelled':
        for (const flying of [...this.#inFlight.keys()]) this.#abort(flying, 'The run has ended.')
        for (const waiting of [...this.#waiting.keys()]) this.#closeUnlessWaiting(waiting)
        return
      default:
        if (step !== undefined && this.#waiting.has(step)) this.#closeUnlessWaiting(step)
    }
  }

  #closeUnlessWaiting(step: StepId): void {
    if (this.state.steps.get(step)?.status === 'waiting') return
    this.#waiting.delete(step)
    if (this.#pending.length > 0) this.#changeWait(step, { closed: true })
  }

  #changeWait(step: StepId, change: Partial<WaitChange>): void {
    const before = this.#waits.get(step) ?? { step, heard: false, closed: false, open: null }
    this.#waits.set(step, { ...before, ...change })
  }

  #settleDown(): void {
    if (this.#leaving) return
    if (isTerminal(this.state.status)) {
      if (this.#hadTimer) this.#dropJobs.push(timerKey(this.id))
      return this.#leave('ended')
    }
    if (this.#inFlight.size === 0) {
      if (this.#isStopping) return this.#leave('handed_back')
      const dueMs = this.#nextDueMs()
      if (dueMs - this.#now() > lingerMs) return this.#park(dueMs)
    }
    this.#armTimer(this.#nextDueMs())
    if (this.#pending.length === 0 && this.#waits.size === 0) return
    if (this.#pureInFlight === 0) this.#flush()
    else this.#flushTimer ??= setTimeout(() => this.#flush(), flushAfterMs)
  }

  #nextDueMs(): number {
    let dueMs = this.#deadlineMs ?? Infinity
    for (const waitingMs of this.#waiting.values())
      if (waitingMs !== null && waitingMs < dueMs) dueMs = waitingMs
    for (const retryMs of this.#retries.values()) if (retryMs < dueMs) dueMs = retryMs
    return dueMs
  }

  #armTimer(dueMs: number): void {
    if (dueMs === this.#timerAtMs) return
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#timerAtMs = dueMs
    if (dueMs === Infinity) return
    // setTimeout counts to 2^31 ms; a longer one is armed again when it fires.
    const delayMs = Math.min(Math.max(0, dueMs - this.#now()), 2_000_000_000)
    this.#timer = setTimeout(() => {
      this.#timerAtMs = Infinity
      this.#due()
    }, delayMs)
  }

  #due(): void {
    const nowMs = this.#now()
    for (const [step, dueMs] of [...this.#waiting]) {
      if (dueMs === null || dueMs > nowMs || this.#hearing.has(step)) continue
      const wait = this.state.steps.get(step)?.wait
      if (wait?.for === 'timer') this.arrived(step, { by: 'timer', at: wait.until })
      else {
        // Not again at once: the database decides between the deadline and an answer, and tells.
        this.#waiting.set(step, nowMs + 500)
        this.surroundings.passDeadline(this, step)
      }
    }
    this.advance()
  }

  #park(dueMs: number): void {
    if (this.state.status !== 'waiting') this.#emit({ type: 'run_paused', data: {} })
    if (dueMs !== Infinity) {
      this.#jobs.push({
        task: 'advance',
        payloadText: JSON.stringify({ run: this.id }),
        key: timerKey(this.id),
        runAtMs: dueMs - wakeEarlyMs,
        priority: 0,
      })
    } else if (this.#hadTimer) this.#dropJobs.push(timerKey(this.id))
    this.#leave('parked')
  }

  #leave(why: Leaving): void {
    if (why === 'handed_back') {
      const payloadText = JSON.stringify({ run: this.id })
      this.#jobs.push({ task: 'advance', payloadText, key: wakeKey(this.id), runAtMs: null, priority: -10 })
    }
    this.#leaving = why
    this.#clearTimers()
    this.surroundings.writer.request(this)
  }

  #flush(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer)
    this.#flushTimer = null
    this.surroundings.writer.request(this)
  }

  /** Resolves when the event with that number is stored. */
  #stored(seq: number): Promise<void> {
    if (this.#storedSeq >= seq) return Promise.resolve()
    this.#flushSoon()
    return new Promise((resolve, reject) => this.#storedWaiters.push({ seq, resolve, reject }))
  }

  #flushSoon(): void {
    if (!this.#leaving) this.surroundings.writer.request(this)
  }

  take(): Append | null {
    const leaving = this.#leaving
    if (this.#hasLeft || (this.#pending.length + this.#waits.size === 0 && !leaving)) return null
    const { state } = this
    const ended = leaving === 'ended' && isTerminal(state.status)
    const blobs: { hash: string; text: string }[] = []
    const events = this.#pending
    const append: Append = {
      run: this.id,
      workspaceId: this.workspaceId,
      epoch: this.epoch,
      expectedSeq: this.#storedSeq,
      lastSeq: state.lastSeq,
      create: this.#create,
      events: events.map((event) => storedEvent(event, blobs)),
      status: ended ? state.status : leaving === 'parked' ? 'waiting' : null,
      outputText: ended && state.output !== undefined ? JSON.stringify(state.output) : null,
      errorText: ended && state.error ? JSON.stringify(state.error) : null,
      httpStatus: ended ? (state.httpStatus ?? null) : null,
      endedAtMs: ended ? this.#lastAtMs : null,
      release: leaving !== null,
      progress: this.#progress,
      tokens: this.#tokens,
      waits: [...this.#waits.values()],
      blobs,
      jobs: this.#jobs,
      dropJobs: this.#dropJobs,
    }
    const heard = append.waits.filter((wait) => wait.heard).map((wait) => wait.step)
    this.#taken = { events, heard, leaving }
    this.#pending = []
    this.#waits = new Map()
    this.#jobs = []
    this.#dropJobs = []
    this.#progress = false
    this.#tokens = 0
    return append
  }

  stored(append: Append): void {
    const taken = this.#taken
    this.#taken = null
    this.#create = null
    this.#storedSeq = append.lastSeq
    this.#acknowledge?.resolve()
    this.#acknowledge = null
    if (!taken) return
    for (const step of taken.heard) this.#hearing.delete(step)
    if (taken.events.length > 0) this.surroundings.hub.tell(this.id, { kind: 'events', events: taken.events })
    const due = this.#storedWaiters.filter((waiter) => waiter.seq <= append.lastSeq)
    if (due.length > 0) {
      this.#storedWaiters = this.#storedWaiters.filter((waiter) => waiter.seq > append.lastSeq)
      for (const waiter of due) waiter.resolve()
    }
    if (taken.leaving) this.#left(taken.leaving)
  }

  refused(append: Append, error: Error): void {
    this.#taken = null
    this.#acknowledge?.reject(error)
    this.#acknowledge = null
    if (!(error instanceof LeaseLostError)) {
      this.surroundings.log.error(
        { run: this.id, err: error, fromSeq: append.expectedSeq + 1, toSeq: append.lastSeq },
        'A history could not be written; the run will be taken up again from what is stored',
      )
    }
    this.#left('lost')
  }

  #left(why: Leaving): void {
    if (this.#hasLeft) return
    this.#hasLeft = true
    this.#leaving = why
    this.#clearTimers()
    for (const step of [...this.#inFlight.keys()]) this.#abort(step, 'The run is not here any more.')
    const lost = new LeaseLostError(this.id)
    for (const waiter of this.#storedWaiters) waiter.reject(lost)
    this.#storedWaiters = []
    this.surroundings.left(this, why)
    this.#finish({
      runId: this.id,
      number: this.number,
      status: why === 'lost' || why === 'handed_back' ? 'running' : this.state.status,
      output: this.state.output ?? null,
      error: this.state.error ?? null,
      httpStatus: this.state.httpStatus ?? null,
    })
    this.surroundings.hub.tell(this.id, { kind: 'left' })
  }

  #clearTimers(): void {
    if (this.#timer) clearTimeout(this.#timer)
    if (this.#flushTimer) clearTimeout(this.#flushTimer)
    this.#timer = null
    this.#flushTimer = null
  }
}

/** Keys under which a run has at most one job each: one for its next time, one for "go on now". */
export const timerKey = (run: string) => `timer:${run}`
export const wakeKey = (run: string) => `advance:${run}`

function dueOf(wait: Wait): number | null {
  const at = wait.for === 'timer' ? wait.until : wait.deadline
  return at === undefined ? null : Date.parse(at)
}

function openingOf(wait: Wait, token: string | undefined): WaitChange['open'] {
  const dueMs = dueOf(wait)
  const { for: _, ...ask } = wait
  return {
    token: token ?? randomBytes(18).toString('base64url'),
    kind: wait.for,
    name: wait.for === 'event' ? wait.name : null,
    key: wait.for === 'event' ? (wait.key ?? null) : null,
    askText: wait.for === 'answer' ? JSON.stringify(ask) : null,
    deadlineAtMs: dueMs,
  }
}
