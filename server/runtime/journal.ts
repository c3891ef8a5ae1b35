import { randomBytes } from 'node:crypto'
import type { Append, JobRequest, NewCall, NewRun, WaitChange } from '@/db/append'
import type { Wait } from '@/flow/kind'
import { isTerminal, type RunEvent } from '@/flow/run/event'
import type { RunState } from '@/flow/run/state'
import type { StepId } from '@/flow/run/step-id'
import { LeaseLostError } from './lease'
import { modelCallsOf } from './model-calls'
import { answerLinksJob } from './run-jobs'
import { storedEvent } from './stored-event'
import type { AppendSource, Writer } from './writer'

/** Why a run is not in this memory any more. */
export type Leaving = 'ended' | 'parked' | 'handed_back' | 'lost'

export interface JournalOwner {
  readonly id: string
  readonly workspaceId: string
  readonly epoch: number
  readonly state: RunState
  /** These are in the database now; `leaving` when they were the last that this process writes. */
  stored(events: readonly RunEvent[], leaving: Leaving | null): void
  refused(append: Append, error: Error): void
}

/**
 * What a run in memory still has to write: its newest events, and what goes with them into the same statement. Nothing
 * that depends on an event may have an effect before `whenStored` says that the event is safe.
 */
export class Journal implements AppendSource {
  /** When the first append is stored. Rejects when it never will be. */
  readonly acknowledged: Promise<void>

  /** Characters of the events that were taken to be written. */
  writtenSize = 0

  #storedSeq: number
  #events: RunEvent[] = []
  /** Their times, in milliseconds since 1970. */
  #timesMs: number[] = []
  #waits = new Map<StepId, WaitChange>()
  #jobs: JobRequest[] = []
  #dropJobs: string[] = []
  #calls: NewCall[] = []
  #heardCalls: string[] = []
  #endedCallOf: string | null = null
  #tokens = 0
  #progress = false
  #leaving: Leaving | null = null
  #isClosed = false
  /** What the append on its way holds. */
  #taken: { events: RunEvent[]; heard: StepId[]; leaving: Leaving | null } | null = null
  /** Arrivals that are in the history but may still be in the inbox. */
  #hearing = new Set<StepId>()
  #waiters: { seq: number; resolve: () => void; reject: (error: Error) => void }[] = []
  #acknowledge: { resolve: () => void; reject: (error: Error) => void } | null = null

  constructor(
    readonly owner: JournalOwner,
    readonly writer: Writer,
    /** Until its first append the run itself is not stored. */
    private create: NewRun | null,
    storedSeq: number,
  ) {
    this.#storedSeq = storedSeq
    this.acknowledged = new Promise((resolve, reject) => (this.#acknowledge = { resolve, reject }))
    this.acknowledged.catch(() => undefined)
  }

  get isEmpty(): boolean {
    return this.#events.length === 0 && this.#waits.size === 0 && this.#heardCalls.length === 0
  }

  add(event: RunEvent, atMs: number): void {
    this.#events.push(event)
    this.#timesMs.push(atMs)
  }

  /** Makes the row by which the outside finds the wait, or brings it up to date. */
  openWait(step: StepId, wait: Wait, token: string | undefined): void {
    if (wait.for === 'body' || wait.for === 'runs') return
    const open = rowOf(wait, token)
    this.#changeWait(step, { open })
    if (wait.for === 'answer' && wait.mail) this.#jobs.push(answerLinksJob(open.token))
  }

  closeWait(step: StepId): void {
    this.#changeWait(step, { closed: true })
  }

  /** Takes an arrival out of the inbox together with the event that tells of it; false when that is under way already. */
  hear(step: StepId): boolean {
    if (this.#hearing.has(step)) return false
    this.#hearing.add(step)
    this.#changeWait(step, { heard: true })
    return true
  }

  isHearing(step: StepId): boolean {
    return this.#hearing.has(step)
  }

  #changeWait(step: StepId, change: Partial<WaitChange>): void {
    const before = this.#waits.get(step) ?? { step, heard: false, closed: false, open: null }
    this.#waits.set(step, { ...before, ...change })
  }

  addJob(job: JobRequest): void {
    this.#jobs.push(job)
  }

  /** Starts another run together with the event that tells of it. */
  call(call: NewCall): void {
    this.#calls.push(call)
  }

  /** The history tells of the end of a run that this one has started. */
  hearCall(run: string): void {
    this.#heardCalls.push(run)
  }

  /** This run ends, and the one that has started it is to be told. */
  reportTo(parent: string): void {
    this.#endedCallOf = parent
  }

  dropJob(key: string): void {
    this.#dropJobs.push(key)
  }

  countTokens(tokens: number): void {
    this.#tokens += tokens
  }

  /** An effect has come to its end: earlier crashes no longer count against the run. */
  noteProgress(): void {
    this.#progress = true
  }

  /** What was added so far is the last that this process writes. */
  leave(why: Leaving): void {
    this.#leaving = why
    this.writer.request(this)
  }

  flush(): void {
    this.writer.request(this)
  }

  whenStored(seq: number): Promise<void> {
    if (this.#storedSeq >= seq) return Promise.resolve()
    this.writer.request(this)
    return new Promise((resolve, reject) => this.#waiters.push({ seq, resolve, reject }))
  }

  take(): Append | null {
    const leaving = this.#leaving
    if (this.#isClosed || (this.isEmpty && !leaving)) return null
    const { id, workspaceId, epoch, state } = this.owner
    const events = this.#events
    const timesMs = this.#timesMs
    const waits = [...this.#waits.values()]
    const blobs: Append['blobs'] = []
    const hasEnded = leaving === 'ended' && isTerminal(state.status)
    const append: Append = {
      run: id,
      workspaceId,
      epoch,
      expectedSeq: this.#storedSeq,
      lastSeq: this.#storedSeq + events.length,
      create: this.create,
      events: events.map((event, index) => storedEvent(event, timesMs[index] ?? 0, blobs)),
      status: hasEnded ? state.status : leaving === 'parked' ? 'waiting' : null,
      outputText: hasEnded && state.output !== undefined ? JSON.stringify(state.output) : null,
      errorText: hasEnded && state.error ? JSON.stringify(state.error) : null,
      httpStatus: hasEnded ? (state.httpStatus ?? null) : null,
      endedAtMs: hasEnded && state.endedAt ? Date.parse(state.endedAt) : null,
      release: leaving !== null,
      progress: this.#progress,
      tokens: this.#tokens,
      modelCalls: modelCallsOf(state, events, timesMs),
      waits,
      blobs,
      jobs: this.#jobs,
      dropJobs: this.#dropJobs,
      calls: this.#calls,
      heardCalls: this.#heardCalls,
      endedCallOf: hasEnded ? this.#endedCallOf : null,
    }
    for (const { dataText } of append.events) this.writtenSize += dataText.length
    for (const { text } of blobs) this.writtenSize += text.length
    const heard = waits.filter((wait) => wait.heard).map((wait) => wait.step)
    this.#taken = { events, heard, leaving }
    this.#events = []
    this.#timesMs = []
    this.#waits = new Map()
    this.#jobs = []
    this.#dropJobs = []
    this.#calls = []
    this.#heardCalls = []
    this.#progress = false
    this.#tokens = 0
    return append
  }

  stored(append: Append): void {
    const taken = this.#taken
    this.#taken = null
    this.create = null
    this.#storedSeq = append.lastSeq
    this.#acknowledge?.resolve()
    this.#acknowledge = null
    for (const step of taken?.heard ?? []) this.#hearing.delete(step)
    const due = this.#waiters.filter((waiter) => waiter.seq <= append.lastSeq)
    if (due.length > 0) {
      this.#waiters = this.#waiters.filter((waiter) => waiter.seq > append.lastSeq)
      for (const waiter of due) waiter.resolve()
    }
    if (taken) this.owner.stored(taken.events, taken.leaving)
  }

  refused(append: Append, error: Error): void {
    this.#taken = null
    this.#acknowledge?.reject(error)
    this.#acknowledge = null
    this.owner.refused(append, error)
  }

  /** Nothing more is written; whoever waits for an event to be stored waits in vain. */
  close(): void {
    this.#isClosed = true
    for (const waiter of this.#waiters.splice(0)) waiter.reject(new LeaseLostError(this.owner.id))
  }
}

/** Unguessable: whoever has it may answer. */
export function newToken(): string {
  return randomBytes(18).toString('base64url')
}

/** Milliseconds when a wait ends by itself; null = never. */
export function dueOf(wait: Wait): number | null {
  const at = wait.for === 'timer' ? wait.until : 'deadline' in wait ? wait.deadline : undefined
  return at === undefined ? null : Date.parse(at)
}

function rowOf(wait: Wait, token: string | undefined): NonNullable<WaitChange['open']> {
  const { for: kind, ...ask } = wait
  return {
    token: token ?? newToken(),
    kind,
    name: wait.for === 'event' ? wait.name : null,
    key: wait.for === 'event' ? (wait.key ?? null) : null,
    askText: wait.for === 'answer' ? JSON.stringify(ask) : null,
    deadlineAtMs: dueOf(wait),
  }
}
