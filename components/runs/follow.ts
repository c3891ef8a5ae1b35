'use client'

import { useEffect, useEffectEvent } from 'react'
import { useStore } from 'zustand'
import { failureOf } from '@/components/api/failure'
import { useTRPCClient } from '@/components/api/trpc'
import type { FlowDocument } from '@/flow/document'
import { isTerminal, type RunEvent } from '@/flow/run/event'
import type { StepId } from '@/flow/run/step-id'
import type { RunStore } from './run-store'

/** What the server sends about a run: stored events in `seq` order, or text that a model writes right now. */
export type RunMessage =
  { kind: 'events'; events: RunEvent[] } | { kind: 'text'; step: StepId; chunk: string }

/** One subscription, from after an event on. `onClose` is called once, with the error or with null at its end. */
export type Subscribe = (
  lastSeq: number,
  on: {
    message: (message: RunMessage) => void
    connecting: () => void
    close: (error: unknown) => void
  },
) => () => void

/** What following needs of the outside; a test brings its own. */
export interface FollowClock {
  frame(run: () => void): () => void
  later(run: () => void, delayMs: number): () => void
}

const browserClock: FollowClock = {
  // A hidden tab gets no frames; a timer keeps its run current all the same.
  frame(run) {
    let isDone = false
    const once = () => {
      if (isDone) return
      isDone = true
      run()
    }
    const frame = requestAnimationFrame(once)
    const timer = setTimeout(once, 100)
    return () => {
      isDone = true
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  },
  later(run, delayMs) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

const firstPauseMs = 500
const longestPauseMs = 5_000
/** Codes after which another try cannot help. */
const final = new Set(['NOT_FOUND', 'UNAUTHORIZED', 'FORBIDDEN', 'BAD_REQUEST'])

/**
 * Feeds the store with the opened run until its end, over as many connections as it takes; every event arrives once.
 * What comes within one frame is folded at once. Returns the way to stop.
 */
export function follow(
  store: RunStore,
  subscribe: Subscribe,
  onRefused: (error: unknown) => void,
  clock: FollowClock = browserClock,
): () => void {
  let isStopped = false
  let pauseMs = firstPauseMs
  let waiting: RunMessage[] = []
  let cancelFlush: (() => void) | null = null
  let cancelPause: (() => void) | null = null
  let unsubscribe: (() => void) | null = null

  function flush() {
    cancelFlush?.()
    cancelFlush = null
    const messages = waiting
    waiting = []
    const events = messages.flatMap((message) => (message.kind === 'events' ? message.events : []))
    if (events.length > 0) store.append(events)
    for (const message of messages) {
      if (message.kind === 'text') store.addText(message.step, message.chunk)
    }
  }

  function connect() {
    unsubscribe = subscribe(store.getState().events.length, {
      message(message) {
        pauseMs = firstPauseMs
        store.setConnection('live')
        waiting.push(message)
        cancelFlush ??= clock.frame(flush)
      },
      connecting() {
        if (store.getState().events.length > 0) store.setConnection('reconnecting')
      },
      close(error) {
        flush()
        if (isStopped) return
        const { latest } = store.getState()
        if (latest && isTerminal(latest.status)) return store.setConnection('ended')
        if (error !== null && final.has(failureOf(error).code)) {
          store.setConnection('ended')
          return onRefused(error)
        }
        store.setConnection('reconnecting')
        cancelPause = clock.later(connect, pauseMs)
        pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      },
    })
  }

  connect()
  return () => {
    isStopped = true
    cancelFlush?.()
    cancelPause?.()
    unsubscribe?.()
  }
}

/** Opens a run in the store and follows it for as long as the component lives. `document` must keep its identity. */
export function useFollowRun(
  store: RunStore,
  runId: string | null,
  document: FlowDocument | null,
  onRefused: (error: unknown) => void,
): void {
  const api = useTRPCClient()
  const refused = useEffectEvent(onRefused)
  const resumes = useStore(store, (view) => view.resumes)
  useEffect(() => {
    if (!runId || !document) return
    store.open(runId, document)
    const subscribe: Subscribe = (lastSeq, on) => {
      const subscription = api.runs.events.subscribe(
        { id: runId, lastEventId: String(lastSeq) },
        {
          onData: (value) => on.message('kind' in value ? value : value.data),
          onConnectionStateChange: (state) => {
            if (state.state === 'connecting') on.connecting()
          },
          onError: (error) => on.close(error),
          onComplete: () => on.close(null),
        },
      )
      return () => subscription.unsubscribe()
    }
    return follow(store, subscribe, (error) => refused(error))
  }, [api, store, runId, document, resumes])
}
