'use client'

import { Search } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { kindDragType } from '@/components/canvas/use-drop'
import { Kbd } from '@/components/ui/kbd'
import { Tile } from '@/components/ui/tile'
import { Tooltip } from '@/components/ui/tooltip'
import type { KindDefinition } from '@/flow/kind'
import { KindIcon } from '@/nodes/views'
import { useVerbs } from './editor-verbs'
import { searchKinds } from './kind-list'
import { paletteSearchId } from './palette-search'

/** Everything that can be added: drag onto the canvas, or click to add after the selected step. */
export function Palette() {
  const [query, setQuery] = useState('')
  const groups = useMemo(() => searchKinds(query), [query])
  const verbs = useVerbs()
  const list = useRef<HTMLDivElement>(null)
  const first = groups[0]?.kinds[0]
  return (
    <aside
      aria-label="Steps"
      className="border-line bg-surface flex w-58 shrink-0 flex-col border-r max-md:hidden"
    >
      <div className="p-3 pb-2">
        <label className="border-line bg-surface-raised text-ink-faint focus-within:border-accent flex h-8 items-center gap-2 rounded-md border px-2.5">
          <Search aria-hidden className="size-3.5" />
          <input
            id={paletteSearchId}
            value={query}
            placeholder="Search steps"
            aria-label="Search steps"
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') {
                setQuery('')
                event.currentTarget.blur()
              }
              if (event.key === 'Enter' && first) {
                setQuery('')
                verbs.addAfterSelection(first.kind)
              }
              if (event.key === 'ArrowDown') list.current?.querySelector('button')?.focus()
            }}
            className="text-ink min-w-0 flex-1 bg-transparent outline-none"
          />
          <Kbd keys="/" />
        </label>
      </div>
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto px-3 pb-4">
        {groups.map((group) => (
          <section key={group.category} aria-label={group.title}>
            <h2 className="text-ink-faint mx-0.5 mt-3.5 mb-1.5 text-xs font-semibold first:mt-1">
              {group.title}
            </h2>
            {group.kinds.map((kind) => (
              <PaletteItem key={kind.kind} kind={kind} onAdd={() => verbs.addAfterSelection(kind.kind)} />
            ))}
          </section>
        ))}
        {groups.length === 0 && (
          <p className="text-ink-muted px-1 py-6 text-center">No step is called “{query}”.</p>
        )}
      </div>
    </aside>
  )
}

function PaletteItem({ kind, onAdd }: { kind: KindDefinition; onAdd: () => void }) {
  return (
    <Tooltip label={kind.description} side="right">
      <button
        type="button"
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(kindDragType, kind.kind)
          event.dataTransfer.effectAllowed = 'copy'
        }}
        onClick={onAdd}
        className="hover:bg-surface-raised flex w-full cursor-grab items-center gap-2.25 rounded-md px-1.5 py-1.25 text-left text-sm font-medium active:cursor-grabbing"
      >
        <Tile category={kind.category}>
          <KindIcon kind={kind.kind} />
        </Tile>
        {kind.title}
      </button>
    </Tooltip>
  )
}
