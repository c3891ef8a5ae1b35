'use client'

import { Fragment } from 'react'
import { noteColors } from '@/components/canvas/note-node'
import { noteOfCanvasId } from '@/components/canvas/node-models'
import { CommandItem } from '@/components/commands/command-items'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuSub,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { edgeKey, type EdgeKey } from '@/flow/document'
import { useEditorStore } from './editor-store'
import { useEditorView, useEditorViewStore, type EditorView } from './editor-view'
import { useVerbs } from './editor-verbs'

const stepItems = [
  ['open', 'rename', 'replace-kind'],
  ['add-after', 'connect', 'disable', 'pin'],
  ['copy', 'cut', 'duplicate'],
  ['delete-heal', 'delete'],
] as const
const canvasItems = [
  ['add-step', 'add-note', 'paste'],
  ['select-all', 'tidy', 'fit', 'find'],
  ['undo', 'redo'],
] as const
const noteItems = [['copy', 'cut', 'duplicate'], ['delete']] as const
const lineItems = [['delete']] as const

/** The right-click menu: what fits the thing under the pointer. */
export function CanvasMenu() {
  const menu = useEditorView((view) => view.menu)
  const view = useEditorViewStore()
  return (
    <DropdownMenu
      open={menu !== null}
      onOpenChange={(open) => !open && view.setState({ menu: null })}
      modal={false}
    >
      <DropdownMenuTrigger asChild>
        <span
          aria-hidden
          className="pointer-events-none fixed size-0"
          style={{ left: menu?.screen.x ?? 0, top: menu?.screen.y ?? 0 }}
        />
      </DropdownMenuTrigger>
      {menu && (
        <DropdownMenuContent
          aria-label="What can be done here"
          sideOffset={0}
          className="w-72"
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <MenuItems menu={menu} />
        </DropdownMenuContent>
      )}
    </DropdownMenu>
  )
}

function MenuItems({ menu }: { menu: NonNullable<EditorView['menu']> }) {
  const editor = useEditorStore()
  const verbs = useVerbs()
  const { id, at, screen } = menu
  const edge = editor.getState().document.edges.find((each) => edgeKey(each) === id)
  const note = id === null ? null : noteOfCanvasId(id)
  const groups = id === null ? canvasItems : edge ? lineItems : note ? noteItems : stepItems
  return (
    <>
      {edge && (
        <DropdownMenuItem onSelect={() => verbs.insertAt(edgeKey(edge) satisfies EdgeKey, at, screen)}>
          Insert a step here
        </DropdownMenuItem>
      )}
      {note && (
        <DropdownMenuSub label="Colour">
          {noteColors.map((color) => (
            <DropdownMenuItem key={color} onSelect={() => verbs.setNote(note, { color })}>
              {color[0]?.toUpperCase() + color.slice(1)}
            </DropdownMenuItem>
          ))}
        </DropdownMenuSub>
      )}
      {groups.map((group, index) => (
        <Fragment key={group[0]}>
          {(index > 0 || edge || note) && <DropdownMenuSeparator />}
          {group.map((command) => (
            <CommandItem key={command} id={command} tone={command === 'delete' ? 'danger' : undefined} />
          ))}
        </Fragment>
      ))}
    </>
  )
}
