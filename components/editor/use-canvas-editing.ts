'use client'

import { useMemo } from 'react'
import type { CanvasEditing } from '@/components/canvas/canvas-editing'
import { nodeWidth } from '@/components/canvas/node-look'
import { readFlowFile } from '@/components/flows/flow-file'
import { toast } from '@/components/ui/toaster'
import { nodeIdSchema, type Point } from '@/flow/document'
import type { EditorStore } from './editor-store'
import type { EditorViewStore } from './editor-view'
import type { EditorVerbs } from './editor-verbs'
import type { FlowActions } from './flow-actions'

/** What the gestures on the canvas do. */
export function useCanvasEditingOf(
  editor: EditorStore,
  view: EditorViewStore,
  verbs: EditorVerbs,
  actions: FlowActions,
): CanvasEditing {
  return useMemo(
    () => ({
      onMove: verbs.move,
      onNest: verbs.nest,
      onCollapse: verbs.collapse,
      onFrameResize: verbs.resizeFrame,
      onAddInside: verbs.addInside,
      onConnect: verbs.connect,
      onReconnect: verbs.reconnect,
      onSplice: verbs.splice,
      onInsert: verbs.insertAt,
      onLooseEnd: (end, at, screen) => {
        const side = 'from' in end ? 0 : -nodeWidth
        verbs.openQuickAdd({ at: { x: at.x + side, y: at.y - 26 }, screen, end })
      },
      onQuickAdd: (at, screen) => verbs.openQuickAdd({ at: centered(at), screen }),
      onDropKind: (kind, at, edge) => verbs.add(kind, { at, ...(edge ? { edge } : {}) }),
      onDropFile: (file) => {
        // Onto an empty flow its steps are added; else it is a flow of its own.
        void readFlowFile(file).then((read) => {
          if ('fault' in read)
            return void toast.error('This file was not imported', { description: read.fault })
          const isEmpty = editor.getState().document.nodes.length === 0
          if (!isEmpty || !verbs.pasteText(read.text)) return actions.importText(read.text)
        })
      },
      onRename: verbs.rename,
      onNoteText: (note, text) => verbs.setNote(note, { text }),
      onNoteResize: (note, { width, height }) => verbs.setNote(note, { size: { width, height } }),
      onContextMenu: ({ id }, at, screen) => {
        if (id !== null && !editor.getState().selection.has(id)) editor.select([id])
        view.setState({ menu: { id, at, screen }, pointer: at })
      },
      onOpen: (node) => {
        editor.select([nodeIdSchema.parse(node)])
        view.setState(({ inspectorFocus }) => ({ inspectorFocus: inspectorFocus + 1 }))
      },
    }),
    [editor, view, verbs, actions],
  )
}

function centered(at: Point): Point {
  return { x: at.x - nodeWidth / 2, y: at.y - 26 }
}
