import { failureOf, type Failure } from '@/components/api/failure'
import type { FlowDocument } from '@/flow/document'

/** After the last edit. */
export const saveDelayMs = 600
const retryDelaysMs = [2_000, 5_000, 10_000, 30_000] as const

/**
 * - `saved`: the server has it. `unsaved`: it will be sent in a moment. `saving`: on its way.
 * - `offline`: the server cannot be reached; tried again by itself. `conflict`: someone else saved first.
 * - `refused`: the server will not take it; tried again after the next edit.
 */
export type SaveState = 'saved' | 'unsaved' | 'saving' | 'offline' | 'conflict' | 'refused'

export interface Autosave {
  /** Says that the document changed. */
  touch(): void
  /** Saves now; true when the server has everything. */
  flush(): Promise<boolean>
  /** After a conflict was settled. */
  resume(): void
  stop(): void
}

/**
 * Sends the document 600 ms after the last change, one call at a time. `read` gives the newest document at the moment
 * of sending; `onState` hears every change of state, `onSaved` the revision that the server gave.
 */
export function createAutosave(options: {
  read(): { document: FlowDocument; revision: number }
  send(document: FlowDocument, revision: number): Promise<{ revision: number; updatedAt: string | Date }>
  onState(state: SaveState, failure: Failure | null): void
  onSaved(saved: { document: FlowDocument; revision: number }): void
}): Autosave {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null
  let isDirty = false
  let isHeld = false
  let misses = 0

  async function send(): Promise<void> {
    isDirty = false
    const { document, revision } = options.read()
    options.onState('saving', null)
    try {
      const saved = await options.send(document, revision)
      misses = 0
      options.onSaved({ document, revision: saved.revision })
      options.onState(isDirty ? 'unsaved' : 'saved', null)
      if (isDirty) schedule(saveDelayMs)
    } catch (error) {
      isDirty = true
      fail(failureOf(error))
    }
  }

  function fail(failure: Failure): void {
    if (failure.code === 'offline') {
      options.onState('offline', failure)
      schedule(retryDelaysMs[Math.min(misses++, retryDelaysMs.length - 1)] ?? saveDelayMs)
    } else if (failure.conflict) {
      isHeld = true
      options.onState('conflict', failure)
    } else options.onState('refused', failure)
  }

  function schedule(delayMs: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void run(), delayMs)
  }

  function run(): Promise<void> {
    clearTimeout(timer)
    if (isHeld || !isDirty) return running ?? Promise.resolve()
    running ??= send().finally(() => {
      running = null
    })
    return running
  }

  return {
    touch() {
      isDirty = true
      if (isHeld) return
      if (!running) options.onState('unsaved', null)
      schedule(saveDelayMs)
    },
    async flush() {
      // A call under way may carry an older document: send again until nothing is left, or the server says no.
      for (let tries = 0; isDirty || running; tries++) {
        await run()
        if (isHeld || tries > 2) break
      }
      return !isDirty && !isHeld
    },
    resume() {
      isHeld = false
      if (isDirty) schedule(0)
    },
    stop() {
      clearTimeout(timer)
    },
  }
}
