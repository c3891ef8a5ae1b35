'use client'

import { useEffect, useRef } from 'react'
import { partOf } from '@/components/ui/part'
import { useEditor } from '../editor-store'
import { useEditorView, useEditorViewStore } from '../editor-view'
import { onlyNode } from '../selection'
import { FlowForm } from './flow-form'

const NodeInspector = partOf(async () => (await import('./node-inspector')).NodeInspector)

/** The panel at the right: the one selected step, else the flow itself. */
export function Inspector() {
  const node = useEditor((state) => onlyNode(state.document, state.selection))
  const place = useEditor((state) => (node ? state.document.nodes.indexOf(node) : -1))
  const count = useEditor((state) => state.selection.size)
  const focus = useEditorView((view) => view.inspectorFocus)
  const view = useEditorViewStore()
  const panel = useRef<HTMLElement>(null)
  const isHere = NodeInspector.useIsHere()
  const focused = useRef(focus)

  useEffect(() => {
    if (focus === focused.current) return
    const fields = '[data-fields] :is(input, textarea, button[role="combobox"], .cm-content)'
    const field = panel.current?.querySelector<HTMLElement>(fields)
    // The form of a step may still be on its way.
    if (!field) return
    field.focus()
    focused.current = focus
  }, [focus, isHere])

  return (
    <aside
      ref={panel}
      aria-label="Inspector"
      onKeyDown={(event) => {
        // Without it the canvas is many Tabs away. Lists and completions that are open take the key first.
        if (event.key !== 'Escape' || event.defaultPrevented || !node) return
        event.preventDefault()
        view.getState().canvas?.reveal(node.id)
      }}
      className="bg-surface border-line flex min-h-0 w-88 shrink-0 flex-col border-l"
    >
      {node ? (
        // By its place: a step whose id follows its name stays the same step.
        <NodeInspector key={place} node={node} />
      ) : count > 1 ? (
        <p className="text-ink-muted px-4 py-5">
          {count} things are selected. Move, copy, duplicate or delete them together; select one step to set
          it up.
        </p>
      ) : (
        <FlowForm />
      )}
    </aside>
  )
}
