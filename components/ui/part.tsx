'use client'

import { useEffect, useState, useSyncExternalStore, type ComponentType, type ReactNode } from 'react'
import { Button } from './button'

/** The parts that this page knows of, to be fetched when a person begins to work. */
const parts = new Set<() => Promise<void>>()

/** A component that comes in a bundle of its own. */
export interface Part<P> {
  (props: P): ReactNode
  useIsHere(): boolean
  /** Begins to bring it, when it is about to be needed. */
  fetch(): void
}

/**
 * A part of the screen that the first drawing does not need. Its code is fetched when it is first shown, or before, when
 * a person begins to work (`useParts`): so it is there when the network is not. `Waiting` stands in its place.
 */
export function partOf<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Waiting?: ComponentType,
): Part<P> {
  let Here: ComponentType<P> | null = null
  let hasFailed = false
  let coming: Promise<void> | null = null
  const listeners = new Set<() => void>()
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const told = () => listeners.forEach((listener) => listener())
  const fetchIt = () => {
    hasFailed = false
    return (coming ??= load().then(
      (component) => {
        Here = component
        told()
      },
      () => {
        coming = null
        hasFailed = true
        told()
      },
    ))
  }
  parts.add(fetchIt)

  function PartHere(props: P) {
    const Shown = useSyncExternalStore(
      subscribe,
      () => Here,
      () => null,
    )
    const isMissing = useSyncExternalStore(
      subscribe,
      () => hasFailed,
      () => false,
    )
    useEffect(() => {
      if (!Shown) void fetchIt()
    }, [Shown])
    if (Shown) return <Shown {...props} />
    if (isMissing) return <Missing onRetry={() => void fetchIt()} />
    return Waiting ? <Waiting /> : null
  }
  return Object.assign(PartHere, {
    fetch: () => void fetchIt(),
    useIsHere: () =>
      useSyncExternalStore(
        subscribe,
        () => Here !== null,
        () => false,
      ),
  })
}

function Missing({ onRetry }: { onRetry: () => void }) {
  return (
    <p role="alert" className="text-ink-muted flex items-center gap-3 p-4">
      This part of the page could not be loaded.
      <Button size="xs" onClick={onRetry}>
        Try again
      </Button>
    </p>
  )
}

/** Shows its children from the first time on that they are wanted; they may have an end of their own to show. */
export function OnceWanted({ isWanted, children }: { isWanted: boolean; children: ReactNode }) {
  const [was, setWas] = useState(isWanted)
  if (isWanted && !was) setWas(true)
  return isWanted || was ? children : null
}

const beginnings = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'focusin'] as const

/** Fetches all parts of the page, one after the other, as soon as a person begins to work on it. */
export function useParts(): void {
  useEffect(() => {
    const begun = new AbortController()
    const begin = () => {
      begun.abort()
      void fetchAll()
    }
    for (const name of beginnings) {
      window.addEventListener(name, begin, { signal: begun.signal, capture: true, passive: true })
    }
    return () => begun.abort()
  }, [])
}

async function fetchAll(): Promise<void> {
  for (const fetchIt of parts) await fetchIt()
}
