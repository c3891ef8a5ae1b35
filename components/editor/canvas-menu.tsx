'use client'

import { Fragment } from 'react'
import { lookOf } from '@/components/canvas/node-look'
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
import { wrapIds } from '@/components/commands/container-commands'
import { edgeKey, type EdgeKey, type FlowNode } from '@/flow/document'
import { useEditorStore } from './editor-store'
import { useEditorView, useEditorViewStore, type EditorView } from './editor-view'
import { useVerbs } from './editor-verbs'

const stepItems = [
  ['open', 'rename', 'replace-kind'],
  ['run-to', 'run-from', 'run-only', 'continue-from'],
  ['add-after', 'connect', 'disable', 'pin'],
  ['copy', 'cut', 'duplicate'],
  ['delete-heal', 'delete'],
] as const
const containerItems = [['add-inside', 'fold', 'unwrap']] as const
const insideItems = [['take-out']] as const
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
  const { document } = editor.getState()
  const edge = document.edges.find((each) => edgeKey(each) === id)
  const note = id === null ? null : noteOfCanvasId(id)
  const node = document.nodes.find((each) => each.id === id)
  const groups = id === null ? canvasItems : edge ? lineItems : note ? noteItems : stepGroups(node)
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
      {node && (
        <>
          <DropdownMenuSeparator />
          <DropdownMenuSub label="Put into">
            {wrapIds.map((command) => (
              <CommandItem key={command} id={command} />
            ))}
          </DropdownMenuSub>
        </>
      )}
    </>
  )
}

function stepGroups(node: FlowNode | undefined): readonly (readonly string[])[] {
  const isContainer = node && lookOf(node).definition?.container
  const [settings, run, follow, clipboard, removal] = stepItems
  return [
    settings,
    run,
    follow,
    ...(isContainer ? containerItems : []),
    ...(node?.parent === undefined ? [] : insideItems),
    clipboard,
    removal,
  ]
}
