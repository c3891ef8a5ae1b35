'use client'

import { NodeResizeControl, type NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { classNames } from '@/components/ui/class-names'
import { MarkdownView } from '@/components/ui/markdown-view'
import type { FlowNote } from '@/flow/document'
import { useCanvasEditing } from './canvas-editing'
import { useCanvasStore, useCanvasView } from './canvas-store'
import { noteCanvasId, type NoteModel } from './node-models'

const colors: Record<string, string> = {
  yellow: 'bg-note-yellow',
  green: 'bg-note-green',
  blue: 'bg-note-blue',
  pink: 'bg-note-pink',
  grey: 'bg-note-grey',
}
export const noteColors = Object.keys(colors)

export function NoteNode({ data, selected }: NodeProps<NoteModel>) {
  return <NoteCard note={data.note} selected={selected} />
}

const NoteCard = memo(function NoteCard({ note, selected }: { note: FlowNote; selected: boolean }) {
  const editing = useCanvasEditing()
  const store = useCanvasStore()
  const isWriting = useCanvasView((view) => view.writing === note.id)
  return (
    <div
      className={classNames(
        'border-ink/8 absolute inset-0 overflow-hidden rounded-lg border text-sm',
        colors[note.color] ?? colors.yellow,
        selected && 'border-accent ring-accent/22 ring-3',
      )}
      onDoubleClick={(event) => {
        event.stopPropagation()
        if (editing) store.setState({ writing: note.id })
      }}
    >
      {isWriting && editing ? (
        <textarea
          autoFocus
          aria-label="Note, in Markdown"
          defaultValue={note.text}
          maxLength={20_000}
          onBlur={(event) => {
            store.setState({ writing: null })
            if (event.target.value !== note.text) editing.onNoteText(note.id, event.target.value)
          }}
          onKeyDown={(event) => {
            event.stopPropagation()
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
          className="nodrag nopan nowheel size-full resize-none bg-transparent px-3 py-2 outline-none"
        />
      ) : (
        <div className="size-full space-y-1.5 overflow-hidden px-3 py-2">
          {note.text.trim() ? (
            <MarkdownView source={note.text} />
          ) : (
            <p className="text-ink-muted">{editing ? 'Double-click to write' : ''}</p>
          )}
        </div>
      )}
      {editing && selected && !isWriting && <ResizeCorner note={note.id} />}
    </div>
  )
})

function ResizeCorner({ note }: { note: string }) {
  const editing = useCanvasEditing()
  const store = useCanvasStore()
  return (
    <NodeResizeControl
      position="bottom-right"
      minWidth={120}
      minHeight={56}
      className="note-resize"
      onResize={(_, { width, height }) =>
        store.setState({ resized: new Map([[noteCanvasId(note), { width, height }]]) })
      }
      onResizeEnd={(_, { x, y, width, height }) => {
        store.setState({ resized: new Map() })
        editing?.onNoteResize(note, { x, y, width: Math.round(width), height: Math.round(height) })
      }}
    />
  )
}
