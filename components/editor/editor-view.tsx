'use client'

import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { CanvasApi } from '@/components/canvas/canvas-api'
import type { LooseEnd } from '@/components/canvas/canvas-editing'
import type { EdgeKey, NodeId, Point } from '@/flow/document'

/** Dialogs and panels of which one is open at a time. */
type Panel = 'commands' | 'keys' | 'share' | 'connect' | 'problems' | 'find' | 'publish' | 'import'

/** Where and how a new step will be added. */
export interface QuickAdd {
  /** The new node's top left, on the canvas. */
  at: Point
  /** Where the list opens, in client pixels. */
  screen: Point
  /** Connects the new step to a line that hangs in the air. */
  end?: LooseEnd
  /** Puts the new step into this line. */
  edge?: EdgeKey
  /** Puts the new step into this container. */
  parent?: NodeId
  /** Gives this node another kind instead of adding one. */
  replace?: NodeId
}

/** What is open around the canvas. Not part of the flow, never undone. */
export interface EditorView {
  panel: Panel | null
  quickAdd: QuickAdd | null
  /** Of a right click; `id` null on empty canvas. */
  menu: { id: string | null; at: Point; screen: Point } | null
  /** Rises when the inspector shall put the keyboard on its first field. */
  inspectorFocus: number
  /** Set when the canvas is on the page. */
  canvas: CanvasApi | null
  /** The step whose problem was shown last by "next problem". */
  problemAt: number
  /** Where commands that need a place happened last: the pointer over the canvas. */
  pointer: Point | null
  /** A conflict that is to be settled later; the pill in the top bar brings it back. */
  isConflictHidden: boolean
  /** A step that the connect dialog starts from. */
  connectFrom: NodeId | null
}

export type EditorViewStore = StoreApi<EditorView>

export function createEditorView(): EditorViewStore {
  return createStore<EditorView>(() => ({
    panel: null,
    quickAdd: null,
    menu: null,
    inspectorFocus: 0,
    canvas: null,
    problemAt: -1,
    pointer: null,
    isConflictHidden: false,
    connectFrom: null,
  }))
}

const EditorViewContext = createContext<EditorViewStore | null>(null)
export const EditorViewProvider = EditorViewContext.Provider

export function useEditorViewStore(): EditorViewStore {
  const store = useContext(EditorViewContext)
  if (!store) throw new Error('No editor here: wrap the component in an EditorViewProvider.')
  return store
}

export function useEditorView<T>(select: (view: EditorView) => T): T {
  return useStore(useEditorViewStore(), select)
}
