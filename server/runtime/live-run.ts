import type { Append, NewRun } from '@/db/append'
import type { EndedCall } from '@/db/calls'
import { parseDurationMs } from '@/flow/duration'
import type { Graph } from '@/flow/graph'
import { effectOf, type Resolution } from '@/flow/kind'
import { isTerminal, runLimits, type NewEvent, type RunEvent } from '@/flow/run/event'
import { eventOf, isDecision, next } from '@/flow/run/next'
import { fold, startState } from '@/flow/run/replay'
import type { RunState } from '@/flow/run/state'
import type { StepId } from '@/flow/run/step-id'
import { hasCome } from '@/flow/run/waiting'
import type { Logger } from '../log'
import { Agenda } from './agenda'
import { attemptStep } from './attempt'
import type { Clock } from './clock'
import { makeCall, neverMade, type Callees } from './callees'
import { Calls } from './calls'
import { Flights, type Flight } from './flight'
import type { Hub } from './hub'
import { dueOf, Journal, type JournalOwner, type Leaving } from './journal'
import { LeaseLostError } from './lease'
import type { KnownHistory } from './resting'
import type { LeftRun } from './run-result'
import type { StepAction, StepSurroundings } from './perform'
import { admitJob, advanceJob, failureJob, incidentCause, stopCallsJob, timerKey, wakeJob } from './run-jobs'
import type { Writer } from './writer'

/** A run that becomes due within this stays in memory: parking costs two commits and a job. */
const lingerMs = 5_000
/** Jobs fire up to a poll interval late, so a parked run is woken this much early and lingers until the moment. */
const wakeEarlyMs = 2_000
/** How long results of pure steps may wait for company while others of the run are at work. */
const flushAfterMs = 25
/** After a deadline was put to the database, which decides between it and an answer: when to ask again. */
const askAgainMs = 500
/** When a job does what this process is about to do itself. */
const jobLaterMs = 2_000
/** Room below the limit of events for what ends the run. */
const eventsKept = 50

/** What a live run is lent by its process. */
export interface RunSurroundings {
  clock: Clock
  writer: Writer
  hub: Hub
  log: Logger
  around(workspaceId: string): Promise<StepSurroundings>
  callees: Callees
  /** Stops the runs that these steps have started. */
  stopCalls(run: string, steps: StepId[]): void
  /** Lets the database decide between a deadline and an answer, and hands over what arrived. */
  passDeadline(run: LiveRun, step: StepId): void
  /** A step begins to wait for an event, which may have come already. */
  awaitsEvent(workspaceId: string, wait: { name: string; key?: string }): void
  left(run: LiveRun, why: Leaving): void
}

export interface RunIdentity {
  id: string
  workspaceId: string
  number: number
  epoch: number
  versionId: string
  graph: Graph
  priority: number
  /** The run that has started it. */
  parent: string | null
  /** With whom it is counted, when its flow bounds how many of its runs go on at once. */
  slotKey: string | null
}

/**
 * One run in memory: asks `next`, performs, settles, folds, and has what happened stored. All that it decides comes
 * from its history, so it can be dropped at any moment and made again elsewhere.
 */
export class LiveRun implements JournalOwner {
  readonly id: string
  readonly workspaceId: string
  readonly number: number
  readonly epoch: number
  readonly versionId: string
  readonly graph: Graph
  readonly priority: number
  readonly calls: Calls
  readonly state: RunState
  /** When it has left this memory, and how it stood then. */
  readonly finished: Promise<LeftRun>

  readonly #journal: Journal
  readonly #events: RunEvent[]
  /** Of what was known of the history at first. */
  readonly #knownSize: number
  readonly #parent: string | null
  readonly #slotKey: string | null
  /** Steps that do not wait any more for the runs that they have started. */
  #leftCalls: StepId[] = []
  readonly #agenda: Agenda
  readonly #flights = new Flights()
  /** It may have a timer's job in the queue, from when it was parked before. */
  #mayHaveTimer: boolean
  #flushTimer: NodeJS.Timeout | null = null
  #leaving: Leaving | null = null
  #hasLeft = false
  #isStopping = false
  #isReplaying = true
  #finish: (result: LeftRun) => void = () => undefined
  #lastAtMs = 0
  #lastAt = ''

  constructor(
    identity: RunIdentity,
    readonly surroundings: RunSurroundings,
    /** Its history so far; `create` when there is none and the run itself is not stored yet. */
    history: KnownHistory & { create: NewRun | null },
  ) {
    this.id = identity.id
    this.workspaceId = identity.workspaceId
    this.number = identity.number
    this.epoch = identity.epoch
    this.versionId = identity.versionId
    this.graph = identity.graph
    this.priority = identity.priority
    this.#parent = identity.parent
    this.#slotKey = identity.slotKey
    this.#mayHaveTimer = history.create === null
    const folded = history.folded?.versionId === identity.versionId ? history.folded : null
    this.state = folded?.state ?? startState()
    this.calls = folded?.calls ?? new Calls()
    this.#agenda = new Agenda(surroundings.clock, () => this.#due(), folded?.times)
    this.#events = [...history.events]
    this.#knownSize = history.size
    for (const event of this.#events.slice(this.state.lastSeq)) this.#fold(event)
    this.#lastAt = history.events.at(-1)?.at ?? ''
    this.#lastAtMs = Date.parse(this.#lastAt) || 0
    this.#isReplaying = false
    this.#journal = new Journal(this, surroundings.writer, history.create, this.state.lastSeq)
    this.finished = new Promise((resolve) => (this.#finish = resolve))
  }

  /** When the first append is stored. Rejects when it never will be. */
  get acknowledged(): Promise<void> {
    return this.#journal.acknowledged
  }

  get history(): KnownHistory {
    const { waiting, deadlineMs } = this.#agenda
    return {
      events: this.#events,
      size: this.#knownSize + this.#journal.writtenSize,
      folded: {
        versionId: this.versionId,
        state: this.state,
        calls: this.calls,
        times: { waiting, deadlineMs },
      },
    }
  }

  /** Appends what only the runtime knows, such as the start, and goes on. */
  begin(...events: NewEvent[]): void {
    if (this.#leaving) return
    this.#emitAll(events)
    this.advance()
  }

  /** Does everything that can be done now. Safe to call at any time. */
  advance(): void {
    if (this.#leaving) return
    if (this.#agenda.isOverdue()) this.#fail('run_timeout', 'The run took longer than its time limit.')
    for (let again = true; again && !isTerminal(this.state.status);) {
      again = false
      this.#agenda.retries.clear()
      for (const action of next(this.graph, this.state, this.#flights)) {
        if (isDecision(action)) {
          if (action.do !== 'finish') this.#flights.abort(action.step, 'The run goes on without this.')
          this.#emit(eventOf(action))
          again = true
        } else this.#consider(action)
      }
    }
    this.#settleDown()
  }

  #consider(action: StepAction): void {
    if (this.#flights.has(action.step)) return
    if (action.do === 'retry') {
      const dueMs = Date.parse(action.at)
      if (dueMs > this.#nowMs()) {
        this.#agenda.retries.set(action.step, dueMs)
        return
      }
    }
    if (this.#isStopping || this.#flights.size >= runLimits.stepsAtOnce) return
    const node = this.graph.node(action.node)
    const definition = this.graph.definition(action.node)
    const isPure = !node || !definition || effectOf(definition, node.config) === 'none'
    const flight = this.#flights.begin(action.step, isPure)
    void attemptStep(this, action, flight, {
      emit: (event) => {
        if (!this.#leaving) this.#emitAll([event])
      },
      stored: () => this.#journal.whenStored(this.state.lastSeq),
      countTokens: (tokens) => this.#journal.countTokens(tokens),
      willCall: (callees) => this.calls.prepare(action.step, callees),
      begun: async (data) => {
        flight.throwIfAborted()
        this.#emit({ type: 'step_started', step: action.step, data })
        await this.#journal.whenStored(this.state.lastSeq)
        flight.throwIfAborted()
      },
    }).then((events) => this.#landed(action.step, flight, events))
  }

  #landed(step: StepId, flight: Flight, events: NewEvent[]): void {
    if (!this.#flights.land(step, flight)) return
    if (this.#hasLeft || isTerminal(this.state.status)) return
    if (!flight.isPure) this.#journal.noteProgress()
    this.#emitAll(events)
    this.advance()
  }

  /** Something that a waiting step waited for; ignored when it came before, or comes too late. */
  arrived(step: StepId, resolution: Resolution): void {
    const waiting = this.state.steps.get(step)
    if (this.#leaving || (waiting && hasCome(waiting, resolution)) || !this.#journal.hear(step)) return
    if (waiting?.status === 'waiting') {
      const type = resolution.by === 'answer' ? 'answer_received' : 'event_received'
      this.#emit({ type, step, data: { resolution } })
    } else this.#journal.closeWait(step)
    this.advance()
  }

  /** A run that a step of this one has started has ended. */
  callEnded(ended: EndedCall): void {
    if (this.#leaving) return
    this.#journal.hearCall(ended.run)
    const { step, call, run, status, output } = ended
    if (this.calls.isAwaited(step, call)) {
      const error = ended.error && {
        code: ended.error.code,
        message: ended.error.message,
        ...(ended.error.step === undefined ? {} : { step: ended.error.step }),
      }
      const at = ended.endedAt.toISOString()
      const resolution: Resolution = { by: 'run', at, call, run, status, output, ...(error ? { error } : {}) }
      this.#emit({ type: 'event_received', step, data: { resolution } })
    }
    this.advance()
  }

  /** False when it is too late here: the run is ending, being parked or handed back. */
  cancel(request: { by?: string; reason?: string }): boolean {
    if (this.#leaving) return false
    this.begin({ type: 'run_cancelled', data: request })
    return true
  }

  /** Begins nothing new, and gives the run back as soon as what is in flight has come to its end. */
  stop(): void {
    this.#isStopping = true
    this.advance()
  }

  /** Gives the run back now: what is in flight is aborted, and left to its next owner to judge. */
  stopNow(): void {
    this.#isStopping = true
    this.#flights.abortAll('The process is stopping.')
    this.advance()
  }

  #nowMs(): number {
    return this.surroundings.clock.nowMs()
  }

  #fail(code: string, message: string): void {
    this.#emit({ type: 'run_failed', data: { error: { code, message } } })
  }

  #emitAll(events: readonly NewEvent[]): void {
    for (const event of events) this.#emit(event)
    if (this.state.lastSeq < runLimits.events - eventsKept) return
    this.#fail('too_many_events', `The run has reached ${runLimits.events} events, the limit of one run.`)
  }

  #emit(event: NewEvent): void {
    if (this.#hasLeft || isTerminal(this.state.status)) return
    // Times of a history never go back, whatever the clock does.
    const nowMs = this.#nowMs()
    if (nowMs > this.#lastAtMs) {
      this.#lastAtMs = nowMs
      this.#lastAt = new Date(nowMs).toISOString()
    }
    const numbered: RunEvent = { ...event, seq: this.state.lastSeq + 1, at: this.#lastAt }
    this.#events.push(numbered)
    this.#journal.add(numbered, this.#lastAtMs)
    this.#fold(numbered)
  }

  /** Folds, and keeps true what follows from it: waits, times, and what is in flight for a step that is no more. */
  #fold(event: RunEvent): void {
    const { step } = event
    fold(this.graph, this.state, event)
    switch (event.type) {
      case 'run_started':
      case 'run_continued': {
        const { timeout } = this.graph.document.settings
        const limitMs = timeout === undefined ? null : parseDurationMs(timeout)
        this.#agenda.deadlineMs = limitMs === null ? null : Date.parse(event.at) + limitMs
        return
      }
      case 'step_waiting':
        if (step === undefined) return
        this.#agenda.waiting.set(step, dueOf(event.data.wait))
        if (event.data.wait.for === 'runs') {
          this.calls.open(this.state, step, event.data.wait, Date.parse(event.at))
          this.#makeCalls(step)
        } else if (!this.#isReplaying) this.#journal.openWait(step, event.data.wait, event.data.token)
        return
      case 'event_received':
        if (step === undefined || event.data.resolution.by !== 'run') return
        this.calls.ended(step, event.data.resolution.call)
        // One that did not complete ends the wait.
        if (event.data.resolution.status === 'completed') this.#makeCalls(step)
        return
      case 'step_cancelled':
      case 'step_failed':
      case 'round_started':
        for (const flying of this.#flights.steps()) {
          if (!this.state.candidates.has(flying)) this.#flights.abort(flying, 'The run goes on without this.')
        }
        return this.#closeWaits()
      case 'run_completed':
      case 'run_failed':
      case 'run_cancelled':
        this.#flights.abortAll('The run has ended.')
        return this.#closeWaits()
      default:
        if (step !== undefined && this.#agenda.waiting.has(step)) this.#closeWaits()
    }
  }

  /** Those of the step that may begin now; when this is only replayed, they did. */
  #makeCalls(step: StepId): void {
    for (const beginning of this.calls.begin(step)) {
      if (beginning.callee.to === 'nowhere') {
        const resolution = neverMade(this, step, beginning.call, beginning.callee.error, this.#lastAt)
        this.#emit({ type: 'event_received', step, data: { resolution } })
      } else makeCall(this.#journal, this, step, beginning, beginning.callee)
    }
  }

  /** Of steps that do not wait any more. */
  #closeWaits(): void {
    for (const step of [...this.#agenda.waiting.keys()]) {
      if (this.state.steps.get(step)?.status === 'waiting') continue
      this.#agenda.waiting.delete(step)
      const isCalling = this.calls.close(step)
      if (this.#isReplaying) continue
      const waited = this.state.steps.get(step)?.wait?.for
      if (waited !== 'body' && waited !== 'runs') this.#journal.closeWait(step)
      if (!isCalling) continue
      // Stopped as soon as this is stored; the job is there in case that this process is not any more.
      this.#leftCalls.push(step)
      this.#journal.addJob(stopCallsJob(this.id, step, this.#nowMs() + jobLaterMs))
    }
  }

  /** Nothing more can be done at this moment: stores what must be, waits, parks, or leaves. */
  #settleDown(): void {
    if (isTerminal(this.state.status)) {
      if (this.#mayHaveTimer) this.#journal.dropJob(timerKey(this.id))
      this.#tellOfTheEnd()
      return this.#leave('ended')
    }
    if (this.#flights.size === 0) {
      if (this.#isStopping) return this.#handBack()
      if (this.#agenda.nextMs() - this.#nowMs() > lingerMs) return this.#park()
    }
    this.#agenda.arm()
    if (this.#journal.isEmpty) return
    if (!this.#flights.hasPure) this.#flush()
    else this.#flushTimer ??= setTimeout(() => this.#flush(), flushAfterMs)
  }

  /** Whoever waits for it is told together with the end itself. */
  #tellOfTheEnd(): void {
    if (this.#parent !== null) {
      this.#journal.reportTo(this.#parent)
      this.#journal.addJob(wakeJob(this.#parent, -5))
    }
    const { id: run, workspaceId, state } = this
    if (this.#slotKey !== null)
      this.#journal.addJob(admitJob({ workspaceId, flowId: state.flow, key: this.#slotKey }))
    // A slice fails its parent, whose failure is the one to tell of.
    if (state.status !== 'failed' || state.slice) return
    const { onFailure } = this.graph.document.settings
    const failure = { workspaceId, run, seq: state.lastSeq }
    if (onFailure?.notify) this.#journal.addJob(failureJob('notify_failure', failure))
    if (onFailure?.flow && state.cause !== incidentCause)
      this.#journal.addJob(failureJob('start_incident', failure))
  }

  #flush(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer)
    this.#flushTimer = null
    this.#journal.flush()
  }

  #due(): void {
    if (this.#leaving) return
    for (const step of this.#agenda.dueWaits()) {
      const wait = this.state.steps.get(step)?.wait
      if (wait?.for === 'timer') this.arrived(step, { by: 'timer', at: wait.until })
      else if (!this.#journal.isHearing(step)) {
        this.#agenda.waiting.set(step, this.#nowMs() + askAgainMs)
        this.surroundings.passDeadline(this, step)
      }
    }
    this.advance()
  }

  #park(): void {
    if (this.state.status !== 'waiting') this.#emit({ type: 'run_paused', data: {} })
    const dueMs = this.#agenda.nextMs()
    if (dueMs !== Infinity) {
      const runAtMs = Math.floor(dueMs - wakeEarlyMs)
      this.#journal.addJob(advanceJob(this.id, { key: timerKey(this.id), runAtMs, priority: 0 }))
    } else if (this.#mayHaveTimer) this.#journal.dropJob(timerKey(this.id))
    this.#leave('parked')
  }

  #handBack(): void {
    this.#journal.addJob(wakeJob(this.id, -10))
    this.#leave('handed_back')
  }

  #leave(why: Leaving): void {
    this.#leaving = why
    this.#stopTimers()
    this.#journal.leave(why)
  }

  stored(events: readonly RunEvent[], leaving: Leaving | null): void {
    if (events.length > 0) this.surroundings.hub.tell(this.id, { kind: 'events', events })
    for (const { type, data } of events) {
      if (type === 'step_waiting' && data.wait.for === 'event')
        this.surroundings.awaitsEvent(this.workspaceId, data.wait)
    }
    if (this.#leftCalls.length > 0) this.surroundings.stopCalls(this.id, this.#leftCalls.splice(0))
    if (leaving) this.#left(leaving)
  }

  refused(append: Append, error: Error): void {
    if (!(error instanceof LeaseLostError)) {
      const { run, expectedSeq, lastSeq } = append
      const about = { run, err: error, fromSeq: expectedSeq + 1, toSeq: lastSeq }
      this.surroundings.log.error(about, 'A history could not be written; the run is left as it is stored')
    }
    this.#left('lost')
  }

  #left(why: Leaving): void {
    if (this.#hasLeft) return
    this.#hasLeft = true
    this.#leaving = why
    this.#stopTimers()
    this.#flights.abortAll('The run is not here any more.')
    this.#journal.close()
    this.surroundings.left(this, why)
    // What it has called goes on elsewhere; whoever waits for its end has to look there.
    const isCalling = why === 'parked' && this.calls.isWaiting
    const isElsewhere = why === 'lost' || why === 'handed_back' || isCalling
    this.#finish({
      runId: this.id,
      number: this.number,
      status: isElsewhere ? 'running' : this.state.status,
      output: this.state.output ?? null,
      error: this.state.error ?? null,
      httpStatus: this.state.httpStatus ?? null,
      history: why === 'lost' ? null : this.#events,
    })
    this.surroundings.hub.tell(this.id, { kind: 'left' })
  }

  #stopTimers(): void {
    this.#agenda.disarm()
    if (this.#flushTimer) clearTimeout(this.#flushTimer)
    this.#flushTimer = null
  }
}
