'use client'

import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Conflict, Failure } from '@/components/api/failure'
import type { FlowDocument } from '@/flow/document'
import { applyEdit } from '@/flow/edits/apply'
import { changeBetween, type Change } from '@/flow/edits/change'
import { titleOf, type Edit } from '@/flow/edits/edit'
import type { Kinds } from '@/flow/kind'
import type { Problem } from '@/flow/problem'
import { createAutosave, type SaveState } from './autosave'
import type { EditMemory, Remembered } from './edit-memory'
import { mergeDocuments, type Difference, type Side } from './merge'
import { createProblemWatch } from './problem-watch'
import { canvasIdsOf } from './selection'

/** Edits that can be taken back. */
export const undoDepth = 200
/** Edits with the same `merge` name within this time count as one: typing in a field is undone as a whole. */
const mergeWithinMs = 1_200

export interface PastEdit {
  edit: Edit
  inverse: Edit
  merge?: string
  /** Milliseconds since 1970. */
  at: number
}

export interface EditorState {
  flowId: string
  document: FlowDocument
  /** Of the last save. */
  revision: number
  /** The document as the server has it at `revision`: the common ancestor when someone else saves too. */
  savedDocument: FlowDocument
  save: SaveState
  failure: Failure | null
  conflict: Conflict | null
  liveVersion: number | null
  /** The draft is not what is live. */
  draftDiffers: boolean
  /** Canvas ids: node ids, `note:` ids and edge keys. */
  selection: ReadonlySet<string>
  undo: readonly PastEdit[]
  redo: readonly PastEdit[]
  problems: readonly Problem[]
  problemsByNode: ReadonlyMap<string, readonly Problem[]>
}

interface ApplyOptions {
  /** Selects these afterwards, by canvas id. */
  select?: Iterable<string>
  merge?: string
}

export interface EditorStore extends StoreApi<EditorState> {
  /** The one way to change the document. An edit that changes nothing leaves no trace. */
  apply(edit: Edit, options?: ApplyOptions): void
  undo(): void
  redo(): void
  select(selection: Iterable<string> | ((before: ReadonlySet<string>) => ReadonlySet<string>)): void
  /** Sends what is unsaved now; true when the server has everything. */
  flush(): Promise<boolean>
  /** Settles a conflict: per difference that both made, whose side to take; or one side `all` over. */
  settle(choose: (difference: Difference) => Side, all?: Side): void
  published(version: number): void
  /** The page may go away: saves and remembers what is left. */
  leave(): void
  /** The same, and ends all timers. */
  close(): void
}

export function createEditorStore(options: {
  flow: Pick<EditorState, 'flowId' | 'document' | 'revision' | 'liveVersion' | 'draftDiffers'>
  kinds: Kinds
  save(document: FlowDocument, revision: number): Promise<{ revision: number; updatedAt: string | Date }>
  memory?: EditMemory
  now?: () => number
}): EditorStore {
  const { kinds, memory } = options
  const now = options.now ?? Date.now
  const remembered = memory?.recall(options.flow.document, options.flow.revision)
  const store = createStore<EditorState>(() => ({
    ...options.flow,
    savedDocument: options.flow.document,
    save: 'saved',
    failure: null,
    conflict: null,
    selection: new Set(),
    undo: remembered?.undo ?? [],
    redo: remembered?.redo ?? [],
    problems: [],
    problemsByNode: new Map(),
  }))
  const autosave = createAutosave({
    read: () => store.getState(),
    send: options.save,
    onSaved: ({ document, revision }) => {
      store.setState({ revision, savedDocument: document })
      remember()
    },
    onState: (save, failure) => store.setState({ save, failure, conflict: failure?.conflict ?? null }),
  })
  const watch = createProblemWatch(store, kinds)
  if (remembered?.unsaved) restore(remembered.unsaved)

  /** Takes up what an earlier visit could not save; what others saved since then shows as a conflict. */
  function restore(unsaved: NonNullable<Remembered['unsaved']>): void {
    store.setState({
      document: unsaved.document,
      revision: unsaved.revision,
      savedDocument: unsaved.savedDocument,
    })
    autosave.touch()
  }

  function leave(): void {
    memory?.flush()
    void autosave.flush()
  }

  function remember(): void {
    memory?.remember(() => {
      const { document, savedDocument, revision, undo, redo } = store.getState()
      return { document, savedDocument, revision, undo, redo }
    })
  }

  /** One entry for an earlier edit and the one that continues it. */
  function joined(
    last: PastEdit,
    document: FlowDocument,
    before: FlowDocument,
    edit: Edit,
    at: number,
  ): PastEdit {
    const origin = applyEdit(before, last.inverse, kinds).document
    const title = titleOf(edit)
    return {
      edit: { type: 'change', change: changeBetween(origin, document), title },
      inverse: { type: 'change', change: changeBetween(document, origin), title },
      merge: last.merge,
      at,
    }
  }

  function change(document: FlowDocument, rest: Partial<EditorState>): void {
    const selection = rest.selection ?? store.getState().selection
    store.setState({
      ...rest,
      document,
      draftDiffers: true,
      selection: withoutGone(document, selection),
    })
    autosave.touch()
    remember()
  }

  return {
    ...store,
    apply(edit, { select, merge } = {}) {
      const { document: before, undo } = store.getState()
      const { document, inverse } = applyEdit(before, edit, kinds)
      if (changesNothing(inverse)) return
      const at = now()
      const last = undo.at(-1)
      const joins = merge !== undefined && last?.merge === merge && at - last.at < mergeWithinMs
      const entry = joins ? joined(last, document, before, edit, at) : { edit, inverse, merge, at }
      const kept = joins ? undo.slice(0, -1) : undo.slice(-(undoDepth - 1))
      change(document, {
        undo: [...kept, entry],
        redo: [],
        ...(select ? { selection: new Set(select) } : {}),
      })
    },
    undo() {
      const { document, undo, redo } = store.getState()
      const last = undo.at(-1)
      if (!last) return
      const undone = applyEdit(document, last.inverse, kinds)
      change(undone.document, { undo: undo.slice(0, -1), redo: [...redo, last] })
    },
    redo() {
      const { document, undo, redo } = store.getState()
      const next = redo.at(-1)
      if (!next) return
      const redone = applyEdit(document, next.edit, kinds)
      const entry = { ...next, inverse: redone.inverse, merge: undefined }
      change(redone.document, { undo: [...undo, entry], redo: redo.slice(0, -1) })
    },
    select(selection) {
      const before = store.getState().selection
      const next = typeof selection === 'function' ? selection(before) : new Set(selection)
      if (next !== before && !(next.size === 0 && before.size === 0)) store.setState({ selection: next })
    },
    flush: () => autosave.flush(),
    settle(choose, all) {
      const { conflict, document, savedDocument } = store.getState()
      if (!conflict) return
      const merged =
        all === 'mine'
          ? document
          : all === 'theirs'
            ? conflict.document
            : mergeDocuments(savedDocument, document, conflict.document, choose)
      const edit = changeEdit(document, merged)
      const inverse = changeEdit(merged, document)
      store.setState({
        revision: conflict.revision,
        savedDocument: conflict.document,
        conflict: null,
        failure: null,
        save: 'unsaved',
      })
      // Older edits know nothing of what the other side did: undoing them would quietly undo that too.
      change(merged, { undo: [{ edit, inverse, at: now() }], redo: [] })
      autosave.resume()
    },
    published(version) {
      store.setState({ liveVersion: version, draftDiffers: false })
    },
    leave,
    close() {
      leave()
      autosave.stop()
      watch.stop()
    },
  }
}

function changeEdit(from: FlowDocument, to: FlowDocument): Edit {
  return { type: 'change', change: changeBetween(from, to), title: 'Merge' }
}

function changesNothing(inverse: Edit): boolean {
  if (inverse.type !== 'change') return false
  const { nodes, edges, notes, head }: Change = inverse.change
  const lists = [nodes, edges, notes]
  return (
    !head &&
    lists.every((list) => !list || (list.remove.length === 0 && list.put.length === 0 && !list.order))
  )
}

function withoutGone(document: FlowDocument, selection: ReadonlySet<string>): ReadonlySet<string> {
  if (selection.size === 0) return selection
  const there = canvasIdsOf(document)
  const kept = [...selection].filter((id) => there.has(id))
  return kept.length === selection.size ? selection : new Set(kept)
}

const EditorContext = createContext<EditorStore | null>(null)
export const EditorProvider = EditorContext.Provider

/** The editor that surrounds the component. Throws outside of one. */
export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext)
  if (!store) throw new Error('No editor here: wrap the component in an EditorProvider.')
  return store
}

/** The least of the editor that a component needs. `select` must yield the same identity for the same state. */
export function useEditor<T>(select: (state: EditorState) => T): T {
  return useStore(useEditorStore(), select)
}
