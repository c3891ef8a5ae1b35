'use client'

import { createContext, useContext, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { EdgeKey, FlowDocument } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import type { Kinds } from '@/flow/kind'
import type { RunEvent, RunStatus } from '@/flow/run/event'
import { extend, replay } from '@/flow/run/replay'
import type { RunState, StepState } from '@/flow/run/state'
import { parseStepId, topScope, type Scope, type StepId } from '@/flow/run/step-id'
import { kinds as allKinds } from '@/nodes/definitions'
import { createCheckpoints, type Checkpoints } from './checkpoints'
import {
  leadingStep,
  noOverlay,
  overlayOf,
  withText,
  type EdgeOverlay,
  type NodeOverlay,
  type Overlay,
} from './overlay'
import { picksOf, withPick, type Picks } from './passes'

/** How the store is fed: not at all, reading the past, following live, between two connections, or to its end. */
type Connection = 'none' | 'loading' | 'live' | 'reconnecting' | 'ended'

/** One run being looked at, live or past, and the place in its history that is shown. */
export interface RunView {
  runId: string | null
  /** The version that runs; not the draft on the screen. */
  document: FlowDocument | null
  events: readonly RunEvent[]
  /** After the last event. */
  latest: RunState | null
  /** `seq` of the last event shown, or null: follow the live end. */
  position: number | null
  /** The state at `position`. */
  shown: RunState | null
  overlay: Overlay
  texts: ReadonlyMap<StepId, string>
  connection: Connection
  /** Of a node with several rounds or items: the one that a person picked. */
  chosenStep: StepId | null
  /** How often it was continued while it was open. */
  resumes: number
}

export interface RunStore extends StoreApi<RunView> {
  /** Turns to another run, from its first event; a run that is open already is drawn anew on the version it goes on with. */
  open(runId: string, document: FlowDocument): void
  close(): void
  /** Takes the events that continue the history; what it already has is ignored. */
  append(events: readonly RunEvent[]): void
  addText(step: StepId, chunk: string): void
  /** Shows the state after event `seq`; null goes back to the live end. */
  seek(seq: number | null): void
  /** The state that a step met when it began; null when it has not begun at the shown place. */
  stateBefore(step: StepId): RunState | null
  setConnection(connection: Connection): void
  /** The run was continued after its end: there is more to follow. */
  resume(): void
  /** Shows this step of its node, and of the containers around it the item that it is in. */
  choose(step: StepId | null): void
  /** Shows one item of a container; null: all. */
  pick(container: string, scope: Scope | null): void
}

const nothing: RunView = {
  runId: null,
  document: null,
  events: [],
  latest: null,
  position: null,
  shown: null,
  overlay: noOverlay,
  texts: new Map(),
  connection: 'none',
  chosenStep: null,
  resumes: 0,
}

export function createRunStore(kinds: Kinds = allKinds): RunStore {
  const store = createStore<RunView>(() => nothing)
  let checkpoints: Checkpoints | null = null

  function stateAt(document: FlowDocument, events: readonly RunEvent[], seq: number): RunState {
    checkpoints ??= createCheckpoints(graphOf(document, kinds))
    return checkpoints.at(events, seq)
  }

  function show(picks: Picks): void {
    const { document, shown, texts, position, overlay } = store.getState()
    if (!document || !shown) return
    const visible = position === null ? texts : nothing.texts
    store.setState({ overlay: overlayOf(document, shown, visible, overlay, picks) })
  }

  function seek(seq: number | null): void {
    const { document, events, latest, texts, overlay, position } = store.getState()
    if (!document || !latest) return
    const to = seq === null ? null : Math.max(0, Math.min(seq, events.length))
    if (to === position) return
    const shown = to === null ? latest : stateAt(document, events, to)
    const visible = to === null ? texts : nothing.texts
    store.setState({ position: to, shown, overlay: overlayOf(document, shown, visible, overlay) })
  }

  return {
    ...store,
    open(runId, document) {
      checkpoints = null
      const before = store.getState()
      if (before.runId === runId && before.events.length > 0) {
        const { events, texts } = before
        const state = replay(graphOf(document, kinds), events)
        const overlay = overlayOf(document, state, texts, undefined, before.overlay.picks)
        return store.setState({ document, latest: state, shown: state, position: null, overlay })
      }
      const state = replay(graphOf(document, kinds), [])
      store.setState({ ...nothing, runId, document, latest: state, shown: state, connection: 'loading' })
    },
    close() {
      checkpoints = null
      store.setState(nothing)
    },
    append(events) {
      const { document, latest, position, texts, overlay, events: known } = store.getState()
      if (!document || !latest) return
      const fresh = events.filter((event) => event.seq > known.length)
      if (fresh.length === 0) return
      const next = extend(graphOf(document, kinds), latest, fresh)
      const all = known.concat(fresh)
      if (position !== null) return store.setState({ events: all, latest: next })
      const shown = { events: all, latest: next, shown: next }
      store.setState({ ...shown, overlay: overlayOf(document, next, texts, overlay) })
    },
    addText(step, chunk) {
      const { texts, overlay, position } = store.getState()
      const text = (texts.get(step) ?? '') + chunk
      const more = new Map(texts).set(step, text)
      if (position !== null) return store.setState({ texts: more })
      store.setState({ texts: more, overlay: withText(overlay, parseStepId(step).node, step, text) })
    },
    seek,
    stateBefore(step) {
      const { document, events, position } = store.getState()
      const first = events.find((event) => event.step === step)
      if (!document || !first || (position !== null && first.seq > position)) return null
      return stateAt(document, events, first.seq - 1)
    },
    setConnection(connection) {
      if (store.getState().connection !== connection) store.setState({ connection })
    },
    resume() {
      seek(null)
      store.setState(({ resumes }) => ({ resumes: resumes + 1, connection: 'live' }))
    },
    choose(step) {
      store.setState({ chosenStep: step })
      if (step === null) return
      const { scope } = parseStepId(step)
      if (scope !== topScope) show(picksOf(scope))
    },
    pick(container, scope) {
      const { overlay } = store.getState()
      store.setState({ chosenStep: null })
      show(withPick(overlay.picks, container, scope))
    },
  }
}

/** Outside a provider nothing runs: a canvas without runs needs none. */
const RunStoreContext = createContext<RunStore>(createRunStore())

export function RunStoreProvider({ store, children }: { store: RunStore; children: ReactNode }) {
  return <RunStoreContext value={store}>{children}</RunStoreContext>
}

export function useRunStore(): RunStore {
  return useContext(RunStoreContext)
}

/** The least of the run view that a component needs. `select` must yield the same identity for the same view. */
export function useRunView<T>(select: (view: RunView) => T): T {
  return useStore(useContext(RunStoreContext), select)
}

export function useNodeOverlay(nodeId: string): NodeOverlay | null {
  return useRunView((view) => view.overlay.nodes.get(nodeId) ?? null)
}

export function useEdgeOverlay(edge: EdgeKey): EdgeOverlay | null {
  return useRunView((view) => view.overlay.edges.get(edge) ?? null)
}

/** Every step of a node at the shown place, in order of first mention. */
export function useNodeSteps(nodeId: string | null): readonly StepState[] {
  return useRunView((view) => (nodeId === null ? none : (view.overlay.steps.get(nodeId) ?? none)))
}
const none: readonly StepState[] = []

/** The step of a node that panels show: the picked one, else the one that stands for the node on the canvas. */
export function useShownStep(nodeId: string | null): StepState | null {
  return useRunView((view) => {
    const group = nodeId === null ? none : (view.overlay.seen.get(nodeId) ?? none)
    return group.find((step) => step.id === view.chosenStep) ?? leadingStep(group) ?? null
  })
}

/** Of the run as it is now, wherever the scrub bar stands. */
export function useRunStatus(): RunStatus | null {
  return useRunView((view) => view.latest?.status ?? null)
}
