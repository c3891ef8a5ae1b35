'use client'

import { createContext, useContext, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { EdgeKey, NodeId, Point } from '@/flow/document'
import type { Problem } from '@/flow/problem'
import type { Guide } from './snap'

/** What is being wired right now. `port` null: dragged backwards, out of a node's input. */
export interface Wiring {
  node: string
  port: string | null
  /** The edge whose end is being moved. */
  moving?: EdgeKey
}

/** A step's own settings changed since the run, or those of a step before it. */
export type Staleness = 'changed' | 'after'

/** What only the drawing knows: never stored, never undone. One per canvas on the page. */
export interface CanvasView {
  /** Nodes drawn as plain tiles because the view is far away. */
  lowDetail: boolean
  /** Positions of what is being dragged, by canvas id. */
  dragged: ReadonlyMap<string, Point>
  /** Size of a note or frame while its corner is pulled, by canvas id. */
  resized: ReadonlyMap<string, { width: number; height: number }>
  guides: readonly Guide[]
  hoveredEdge: EdgeKey | null
  /** The edge that a drop would splice into. */
  spliceEdge: EdgeKey | null
  /** The frame that a drop would put the dragged steps into. */
  nestTarget: string | null
  wiring: Wiring | null
  /** The node under the pointer while wiring, and why it can't take the line (null: it can). */
  wiringTarget: { node: string; problem: string | null } | null
  problems: ReadonlyMap<string, readonly Problem[]>
  /** Nodes whose part of the shown run is not that of the drawing any more. */
  stale: ReadonlyMap<string, Staleness>
  /** The node whose name is being typed on the canvas. */
  renaming: NodeId | null
  /** The note whose text is being typed, by its id. */
  writing: string | null
}

export type CanvasStore = StoreApi<CanvasView>

export function createCanvasStore(): CanvasStore {
  return createStore<CanvasView>(() => ({
    lowDetail: false,
    dragged: new Map(),
    resized: new Map(),
    guides: [],
    hoveredEdge: null,
    spliceEdge: null,
    nestTarget: null,
    wiring: null,
    wiringTarget: null,
    problems: new Map(),
    stale: new Map(),
    renaming: null,
    writing: null,
  }))
}

const CanvasStoreContext = createContext<CanvasStore>(createCanvasStore())

export function CanvasStoreProvider({ store, children }: { store: CanvasStore; children: ReactNode }) {
  return <CanvasStoreContext value={store}>{children}</CanvasStoreContext>
}

export function useCanvasStore(): CanvasStore {
  return useContext(CanvasStoreContext)
}

/** `select` must yield the same identity for the same view. */
export function useCanvasView<T>(select: (view: CanvasView) => T): T {
  return useStore(useContext(CanvasStoreContext), select)
}
