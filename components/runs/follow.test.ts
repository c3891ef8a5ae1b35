import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import type { RunEvent } from '@/flow/run/event'
import { follow, type FollowClock, type RunMessage, type Subscribe } from './follow'
import { createRunStore } from './run-store'

const document = documentSchema.parse({ millrace: 1, id: 'test' })
const at = '2026-01-01T00:00:00.000Z'
const events: RunEvent[] = [
  {
    seq: 1,
    at,
    type: 'run_started',
    data: { flow: 'test', version: null, number: 1, node: 'a', cause: 'manual', trigger: null, state: {} },
  },
  { seq: 2, at, type: 'step_started', step: 'a', data: { attempt: 1 } },
  { seq: 3, at, type: 'step_completed', step: 'a', data: { port: 'done', output: 1 } },
  { seq: 4, at, type: 'run_completed', data: { output: 1 } },
]

/** A server that is driven by the test, and time that passes when told to. */
function harness() {
  const asked: number[] = []
  const frames: (() => void)[] = []
  const pauses: { run: () => void; delayMs: number }[] = []
  const refused: unknown[] = []
  let on: Parameters<Subscribe>[1] | null = null
  const subscribe: Subscribe = (lastSeq, handlers) => {
    asked.push(lastSeq)
    on = handlers
    return () => {
      on = null
    }
  }
  const clock: FollowClock = {
    frame: (run) => {
      frames.push(run)
      return () => frames.splice(frames.indexOf(run), 1)
    },
    later: (run, delayMs) => {
      pauses.push({ run, delayMs })
      return () => {}
    },
  }
  const store = createRunStore()
  store.open('r1', document)
  const stop = follow(store, subscribe, (error) => refused.push(error), clock)
  return {
    store,
    asked,
    pauses,
    refused,
    stop,
    frame: () => frames.shift()?.(),
    send: (message: RunMessage) => on!.message(message),
    close: (error: unknown) => on!.close(error),
    isSubscribed: () => on !== null,
  }
}

describe('following a run', () => {
  it('folds what comes within one frame at once', () => {
    const { store, send, frame } = harness()
    let changes = 0
    send({ kind: 'events', events: events.slice(0, 1) })
    send({ kind: 'events', events: events.slice(1, 2) })
    store.subscribe((view, before) => {
      if (view.events !== before.events) changes++
    })
    frame()
    expect(changes).toBe(1)
    expect(store.getState().latest?.lastSeq).toBe(2)
  })

  it('asks for what comes after the last event when the connection breaks', () => {
    const { asked, send, close, pauses, store } = harness()
    send({ kind: 'events', events: events.slice(0, 2) })
    close(new Error('gone'))
    expect(store.getState().connection).toBe('reconnecting')
    pauses[0]!.run()
    expect(asked).toEqual([0, 2])
  })

  it('waits longer after each try that fails, and starts over once events come', () => {
    const { send, close, pauses } = harness()
    close(new Error('gone'))
    pauses[0]!.run()
    close(new Error('gone'))
    pauses[1]!.run()
    send({ kind: 'events', events: events.slice(0, 1) })
    close(new Error('gone'))
    expect(pauses.map((pause) => pause.delayMs)).toEqual([500, 1_000, 500])
  })

  it('ends with the run', () => {
    const { send, close, store, pauses } = harness()
    send({ kind: 'events', events })
    close(null)
    expect(store.getState().connection).toBe('ended')
    expect(pauses).toEqual([])
  })

  it('goes on when the server lets go in mid-run', () => {
    const { send, close, store, pauses } = harness()
    send({ kind: 'events', events: events.slice(0, 2) })
    close(null)
    expect(store.getState().connection).toBe('reconnecting')
    expect(pauses).toHaveLength(1)
  })

  it('stops when it is told to, and does not come back', () => {
    const { stop, isSubscribed, pauses } = harness()
    stop()
    expect(isSubscribed()).toBe(false)
    expect(pauses).toEqual([])
  })

  it('hands streamed text to the step that writes', () => {
    const { send, frame, store } = harness()
    send({ kind: 'events', events: events.slice(0, 2) })
    send({ kind: 'text', step: 'a', chunk: 'Dear' })
    frame()
    expect(store.getState().overlay.nodes.get('a')?.text).toBe('Dear')
  })
})
