'use client'

import { useReactFlow } from '@xyflow/react'
import { useMemo, type DragEvent } from 'react'
import type { FlowDocument } from '@/flow/document'
import type { CanvasEditing } from './canvas-editing'
import type { CanvasStore } from './canvas-store'
import { edgeNear } from './edge-path'
import { headCenter, nodeWidth } from './node-look'

/** What the palette puts on a drag, and the canvas looks for. */
export const kindDragType = 'application/x-millrace-kind'

/** Dropping a kind from the palette, on empty canvas or onto an edge; or a flow's file. */
export function useDrop(document: FlowDocument, store: CanvasStore, editing: CanvasEditing | null) {
  const flow = useReactFlow()
  return useMemo(() => {
    if (!editing) return {}
    const place = (event: DragEvent) => {
      const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
      const edge = edgeNear(document, at, 22 / flow.getZoom())
      return { edge, at: { x: Math.round(at.x - nodeWidth / 2), y: Math.round(at.y - headCenter) } }
    }
    return {
      onDragOver: (event: DragEvent) => {
        const isKind = event.dataTransfer.types.includes(kindDragType)
        if (!isKind && !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
        const spliceEdge = isKind ? place(event).edge : null
        if (store.getState().spliceEdge !== spliceEdge) store.setState({ spliceEdge })
      },
      onDragLeave: () => store.setState({ spliceEdge: null }),
      onDrop: (event: DragEvent) => {
        const kind = event.dataTransfer.getData(kindDragType)
        const file = event.dataTransfer.files[0]
        if (!kind && !file) return
        event.preventDefault()
        const { at, edge } = place(event)
        store.setState({ spliceEdge: null })
        if (kind) editing.onDropKind(kind, at, edge)
        else if (file) editing.onDropFile(file)
      },
    }
  }, [document, store, editing, flow])
}
