import type { RunsWait } from '@/flow/kind'
import type { RunState } from '@/flow/run/state'
import type { StepId } from '@/flow/run/step-id'
import type { Callee } from './callees'

/** The runs that one step waits for. */
interface Waited {
  wait: RunsWait
  /** What each call leads to; null until that is looked up, after the run was loaded. */
  callees: readonly Callee[] | null
  /** Calls to make, in order: all, but those that had completed before the step waited anew. */
  pending: readonly number[]
  begun: number
  ended: Set<number>
}

interface Beginning {
  call: number
  callee: Callee
  /** Milliseconds since 1970 when the step first called: part of the identity of what it calls. */
  firstAtMs: number
  /** It was called before, and did not complete. */
  isAgain: boolean
}

/**
 * Which runs the steps of one run have started, by its history alone: events and the runs that they start are stored
 * together, so whoever loads the history knows which of them there are.
 */
export class Calls {
  readonly #waited = new Map<StepId, Waited>()
  readonly #firstAtMs = new Map<StepId, number>()
  /** Calls that were made at some time, by step. */
  readonly #made = new Map<StepId, Set<number>>()
  /** Looked up for steps that are about to wait. */
  readonly #prepared = new Map<StepId, readonly Callee[]>()

  prepare(step: StepId, callees: readonly Callee[]): void {
    const waited = this.#waited.get(step)
    if (waited && !waited.callees) waited.callees = callees
    else this.#prepared.set(step, callees)
  }

  /** Steps whose next calls are not looked up yet, after a load. */
  unprepared(): [StepId, RunsWait][] {
    return [...this.#waited].flatMap(([step, { callees, wait, pending, begun }]) =>
      callees || begun >= pending.length ? [] : [[step, wait] satisfies [StepId, RunsWait]],
    )
  }

  /** Whether a step waits for runs. */
  get isWaiting(): boolean {
    return this.#waited.size > 0
  }

  /** The step begins to wait, as `state` knows already. */
  open(state: RunState, step: StepId, wait: RunsWait, atMs: number): void {
    if (!this.#firstAtMs.has(step)) this.#firstAtMs.set(step, atMs)
    const completed = new Set<number>()
    for (const resolution of state.steps.get(step)?.resolutions ?? []) {
      if (resolution.by !== 'run') continue
      if (resolution.status === 'completed' || wait.onFailure === 'go_on') completed.add(resolution.call)
    }
    const pending = wait.calls.flatMap((_, call) => (completed.has(call) ? [] : [call]))
    const callees = this.#prepared.get(step) ?? null
    this.#prepared.delete(step)
    this.#waited.set(step, { wait, callees, pending, begun: 0, ended: new Set() })
  }

  /** Whether this is the first word of the end of a call that the step waits for. */
  isAwaited(step: StepId, call: number): boolean {
    const waited = this.#waited.get(step)
    if (!waited || waited.ended.has(call)) return false
    return waited.pending.lastIndexOf(call, waited.begun - 1) !== -1 && waited.begun > 0
  }

  /** The history tells that a call has ended. */
  ended(step: StepId, call: number): void {
    this.#waited.get(step)?.ended.add(call)
  }

  /**
   * Counts the calls that may be made by now as made. When the history that tells of them is only replayed, they were;
   * else the caller makes those that it is given.
   */
  begin(step: StepId): Beginning[] {
    const waited = this.#waited.get(step)
    if (!waited) return []
    const { wait, pending, callees } = waited
    const made = this.#made.get(step) ?? new Set()
    this.#made.set(step, made)
    const firstAtMs = this.#firstAtMs.get(step) ?? 0
    const begun: Beginning[] = []
    while (waited.begun < pending.length && waited.begun - waited.ended.size < wait.atOnce) {
      const call = pending[waited.begun++] ?? 0
      const callee = callees?.[call]
      if (callee) begun.push({ call, callee, firstAtMs, isAgain: made.has(call) })
      made.add(call)
    }
    return begun
  }

  /** The step does not wait any more. Gives whether runs may still be at work for it. */
  close(step: StepId): boolean {
    const waited = this.#waited.get(step)
    this.#waited.delete(step)
    return waited !== undefined && waited.begun > waited.ended.size
  }
}
