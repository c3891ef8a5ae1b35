'use client'

import { createContext, useContext, type ComponentType } from 'react'
import type { EdgeKey, FlowEdge, NodeId, Point } from '@/flow/document'
import type { Wait } from '@/flow/kind'
import type { StepId } from '@/flow/run/step-id'

/** Where a line that was let go over empty canvas wants to lead, or come from. */
export type LooseEnd = { from: NodeId; port: string } | { to: NodeId }

/** What the canvas asks of its owner when a person edits. Without it the canvas only shows. */
export interface CanvasEditing {
  /** By node id or `note:` id. */
  onMove(positions: ReadonlyMap<string, Point>): void
  onConnect(edge: FlowEdge): void
  onReconnect(edge: EdgeKey, to: FlowEdge): void
  /** Steps were dropped into a container (null: out of all); their new places, by node id. */
  onNest(nodes: readonly NodeId[], container: NodeId | null, positions: ReadonlyMap<string, Point>): void
  onCollapse(node: NodeId, isCollapsed: boolean): void
  onFrameResize(node: NodeId, size: { width: number; height: number }): void
  /** `screen` is where the list of steps shall open, in client pixels. */
  onAddInside(container: NodeId, screen: Point): void
  /** A node that had no wires was dropped on an edge. */
  onSplice(node: NodeId, edge: EdgeKey, position: Point): void
  /** `+` on an edge was pressed. `screen` is where, in client pixels. */
  onInsert(edge: EdgeKey, at: Point, screen: Point): void
  /** A line ended on empty canvas. */
  onLooseEnd(end: LooseEnd, at: Point, screen: Point): void
  /** Empty canvas was double-clicked. */
  onQuickAdd(at: Point, screen: Point): void
  onDropKind(kind: string, at: Point, edge: EdgeKey | null): void
  onDropFile(file: File): void
  onRename(node: NodeId, name: string): void
  onNoteText(note: string, text: string): void
  onNoteResize(note: string, box: Point & { width: number; height: number }): void
  onContextMenu(target: { id: string | null }, at: Point, screen: Point): void
  onOpen(node: NodeId): void
}

export const CanvasEditingContext = createContext<CanvasEditing | null>(null)
export function useCanvasEditing(): CanvasEditing | null {
  return useContext(CanvasEditingContext)
}

/** Buttons under a waiting node. Given by who may answer: the editor and the run view, not a shared page. */
export type WaitActions = ComponentType<{ node: string; step: StepId; wait: Wait }>
export const WaitActionsContext = createContext<WaitActions | null>(null)
export function useWaitActions(): WaitActions | null {
  return useContext(WaitActionsContext)
}

/** Buttons under a step that failed, the same way. */
export type FailActions = ComponentType<{ node: string; step: StepId }>
export const FailActionsContext = createContext<FailActions | null>(null)
export function useFailActions(): FailActions | null {
  return useContext(FailActionsContext)
}
