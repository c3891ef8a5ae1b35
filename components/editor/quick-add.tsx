'use client'

import { useEffect, useMemo, useRef, useState } from 'react'
import { Popover, PopoverAnchor, PopoverContent } from '@/components/ui/popover'
import { Tile } from '@/components/ui/tile'
import type { KindDefinition } from '@/flow/kind'
import { KindIcon } from '@/nodes/views'
import { useVerbs } from './editor-verbs'
import { useEditorView, useEditorViewStore, type QuickAdd } from './editor-view'
import { searchKinds } from './kind-list'

/** The list that opens where a step is wanted: type, arrows, Enter. */
export function QuickAddPopover() {
  const wanted = useEditorView((view) => view.quickAdd)
  const view = useEditorViewStore()
  const close = () => view.setState({ quickAdd: null })
  return (
    <Popover open={wanted !== null} onOpenChange={(open) => !open && close()}>
      {wanted && (
        <PopoverAnchor asChild>
          <span className="fixed size-0" style={{ left: wanted.screen.x, top: wanted.screen.y }} />
        </PopoverAnchor>
      )}
      <PopoverContent
        align="start"
        aria-label="Add a step"
        className="flex max-h-90 w-66 flex-col p-0"
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        {wanted && <QuickAddList wanted={wanted} onDone={close} />}
      </PopoverContent>
    </Popover>
  )
}

function QuickAddList({ wanted, onDone }: { wanted: QuickAdd; onDone: () => void }) {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const verbs = useVerbs()
  const groups = useMemo(() => searchKinds(query, (kind) => fits(kind, wanted)), [query, wanted])
  const flat = useMemo(() => groups.flatMap((group) => group.kinds), [groups])
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [active])

  const choose = (kind: KindDefinition | undefined) => {
    if (!kind) return
    onDone()
    verbs.add(kind.kind, wanted)
  }
  return (
    <>
      <input
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls="quick-add-list"
        aria-activedescendant={flat[active] ? `quick-add-${flat[active].kind}` : undefined}
        aria-label="Search steps"
        placeholder="Add a step"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setActive(0)
        }}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
          if (step !== 0 && flat.length > 0) {
            event.preventDefault()
            setActive((active + step + flat.length) % flat.length)
          }
          if (event.key === 'Enter') {
            event.preventDefault()
            choose(flat[active])
          }
        }}
        className="border-line h-9.5 shrink-0 border-b bg-transparent px-3 outline-none"
      />
      <div ref={list} id="quick-add-list" role="listbox" aria-label="Steps" className="overflow-y-auto p-1.5">
        {groups.map((group) => (
          <div key={group.category} role="group" aria-label={group.title}>
            <p aria-hidden className="text-ink-faint px-1.5 pt-1.5 pb-1 text-xs font-semibold">
              {group.title}
            </p>
            {group.kinds.map((kind) => (
              <div
                key={kind.kind}
                id={`quick-add-${kind.kind}`}
                role="option"
                aria-selected={kind === flat[active]}
                onPointerMove={() => setActive(flat.indexOf(kind))}
                onClick={() => choose(kind)}
                className="aria-selected:bg-surface-hover flex items-center gap-2.25 rounded-md px-1.5 py-1.25 text-sm font-medium"
              >
                <Tile category={kind.category}>
                  <KindIcon kind={kind.kind} />
                </Tile>
                {kind.title}
              </div>
            ))}
          </div>
        ))}
        {flat.length === 0 && <p className="text-ink-muted px-2 py-4 text-center">Nothing fits here.</p>}
      </div>
    </>
  )
}

/** A line needs something that it can lead into, and come out of. */
function fits(kind: KindDefinition, { end, edge }: QuickAdd): boolean {
  const takesInput = !kind.trigger
  const hasOutput = kind.ports(kind.defaults).length > 0
  if (edge) return takesInput && hasOutput
  if (!end) return true
  return 'from' in end ? takesInput : hasOutput
}
