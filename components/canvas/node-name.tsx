'use client'

import { useCanvasEditing } from './canvas-editing'
import { useCanvasStore, useCanvasView } from './canvas-store'

/** A node's name, and the field to type a new one while it is renamed on the canvas. */
export function NodeName({ node, name, className }: { node: string; name: string; className: string }) {
  const isRenaming = useCanvasView((view) => view.renaming === node)
  return isRenaming ? <NameField name={name} /> : <div className={className}>{name}</div>
}

function NameField({ name }: { name: string }) {
  const editing = useCanvasEditing()
  const store = useCanvasStore()
  const end = (text: string | null) => {
    const node = store.getState().renaming
    if (!node) return
    store.setState({ renaming: null })
    if (text !== null && text.trim() !== name) editing?.onRename(node, text.trim())
    document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(node)}"]`)?.focus()
  }
  return (
    <input
      autoFocus
      aria-label="Name"
      defaultValue={name}
      maxLength={200}
      onFocus={(event) => event.target.select()}
      onBlur={(event) => end(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') end(event.currentTarget.value)
        if (event.key === 'Escape') end(null)
      }}
      className="nodrag nopan border-accent bg-surface -ml-1 w-full rounded-xs border px-0.75 text-base leading-tight font-semibold outline-none"
    />
  )
}
