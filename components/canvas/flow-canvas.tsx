'use client'

import { ReactFlowProvider } from '@xyflow/react'
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import type { FlowDocument } from '@/flow/document'
import type { Problem } from '@/flow/problem'
import type { CanvasApi, Insets } from './canvas-api'
import {
  CanvasEditingContext,
  FailActionsContext,
  WaitActionsContext,
  type CanvasEditing,
  type FailActions,
  type WaitActions,
} from './canvas-editing'
import { CanvasStoreProvider, createCanvasStore, type Staleness } from './canvas-store'
import { Drawing } from './drawing'
import './canvas.css'

export interface FlowCanvasProps {
  document: FlowDocument
  /** Shows only; the default when there is no `editing`. */
  readOnly?: boolean
  editing?: CanvasEditing
  /** Canvas ids: node ids, `note:` ids, edge keys. Without it the canvas keeps its own selection. */
  selection?: ReadonlySet<string>
  onSelectionChange?: (change: (selection: ReadonlySet<string>) => ReadonlySet<string>) => void
  /** The one selected node, or null. */
  onSelect?: (node: string | null) => void
  /** By node id. */
  problems?: ReadonlyMap<string, readonly Problem[]>
  /** Buttons under a step that waits for an answer. */
  waitActions?: WaitActions
  /** Buttons under a step that failed. */
  failActions?: FailActions
  /** What of the shown run is not that of the drawing any more, by node id. */
  stale?: ReadonlyMap<string, Staleness>
  onTidy?: () => void
  onReady?: (api: CanvasApi) => void
  /** Kept free when fitting the drawing to the view. */
  insets?: Insets
  /** Drawn over the canvas. */
  children?: ReactNode
}

const noIds: ReadonlySet<string> = new Set()
const noProblems: ReadonlyMap<string, readonly Problem[]> = new Map()
const notStale: ReadonlyMap<string, Staleness> = new Map()
const plainInsets: Insets = { top: 56, bottom: 40 }

/**
 * A flow as a drawing, with the run of the surrounding RunStoreProvider drawn over it. Fills its parent, which must
 * have a size. The editor, the run view and the shared page all use it.
 */
export function FlowCanvas({
  document,
  readOnly = false,
  editing,
  selection,
  onSelectionChange,
  onSelect,
  problems = noProblems,
  waitActions,
  failActions,
  stale = notStale,
  onTidy,
  onReady,
  insets = plainInsets,
  children,
}: FlowCanvasProps) {
  const [store] = useState(createCanvasStore)
  const [ownSelection, setOwnSelection] = useState(noIds)
  const shownSelection = selection ?? ownSelection
  const change = useCallback(
    (by: (selection: ReadonlySet<string>) => ReadonlySet<string>) => {
      if (onSelectionChange) onSelectionChange(by)
      else setOwnSelection(by)
    },
    [onSelectionChange],
  )
  const selectedNode = useMemo(
    () => document.nodes.find((node) => shownSelection.has(node.id))?.id ?? null,
    [document, shownSelection],
  )
  useEffect(() => onSelect?.(selectedNode), [onSelect, selectedNode])
  useEffect(() => store.setState({ problems }), [store, problems])
  useEffect(() => store.setState({ stale }), [store, stale])
  const editor = readOnly ? null : (editing ?? null)

  return (
    <ReactFlowProvider>
      <CanvasStoreProvider store={store}>
        <CanvasEditingContext value={editor}>
          <FailActionsContext value={failActions ?? null}>
            <WaitActionsContext value={waitActions ?? null}>
              <Drawing
                document={document}
                editing={editor}
                selection={shownSelection}
                onSelectionChange={change}
                onTidy={onTidy}
                onReady={onReady}
                insets={insets}
              >
                {children}
              </Drawing>
            </WaitActionsContext>
          </FailActionsContext>
        </CanvasEditingContext>
      </CanvasStoreProvider>
    </ReactFlowProvider>
  )
}
