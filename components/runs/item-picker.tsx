'use client'

import { ChevronDown, ChevronLeft, ChevronRight, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { classNames } from '@/components/ui/class-names'
import { parseScope } from '@/flow/run/step-id'
import { passesOf, type Pass } from './passes'
import { useNodeOverlay, useRunStore, useRunView } from './run-store'
import { glimpse } from './value-path'

/** Items drawn in the list at most; the rest is reached by number. */
const listed = 100

const words = { failed: 'failed', going: 'at work', done: 'done' } as const

/** Which item (or round) of a container the canvas shows: all together, or one. A failed one is offered first. */
export function ItemPicker({ node }: { node: string }) {
  const store = useRunStore()
  const counts = useNodeOverlay(node)?.counts
  const picked = useRunView((view) => view.overlay.picks.get(node) ?? null)
  const hasItems = useRunView((view) => (view.shown?.items.size ?? 0) > 0)
  if (!counts || counts.all === 0 || !hasItems) return null
  const index = picked === null ? null : (parseScope(picked)?.index ?? null)
  const go = (by: number) => {
    const passes = orderedPasses(store, node)
    const at = passes.findIndex((pass) => pass.scope === picked)
    const next = passes[at + by]
    if (next) store.pick(node, next.scope)
  }
  return (
    <span
      className="nodrag nopan pointer-events-auto flex items-center"
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={(event) => event.stopPropagation()}
    >
      {index === null && counts.failed > 0 && (
        <Button
          size="xs"
          variant="outline"
          className="text-status-failed mr-1"
          onClick={() => {
            const first = passes(store, node).find((pass) => pass.status === 'failed')
            if (first) store.pick(node, first.scope)
          }}
        >
          {counts.failed} failed
        </Button>
      )}
      {index !== null && (
        <IconButton label="Item before" size="xs" onClick={() => go(-1)}>
          <ChevronLeft />
        </IconButton>
      )}
      <ItemList node={node} index={index} all={counts.all} />
      {index !== null && (
        <>
          <IconButton label="Item after" size="xs" onClick={() => go(1)}>
            <ChevronRight />
          </IconButton>
          <IconButton label="All items" size="xs" onClick={() => store.pick(node, null)}>
            <X />
          </IconButton>
        </>
      )}
    </span>
  )
}

function ItemList({ node, index, all }: { node: string; index: number | null; all: number }) {
  const store = useRunStore()
  const [isOpen, setOpen] = useState(false)
  const [wanted, setWanted] = useState('')
  const found = isOpen
    ? passes(store, node).filter((pass) => wanted === '' || String(pass.index + 1).startsWith(wanted.trim()))
    : []
  const choose = (pass: Pass | undefined) => {
    if (!pass) return
    store.pick(node, pass.scope)
    setOpen(false)
  }
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button size="xs" variant="ghost" aria-label={index === null ? 'Choose an item' : undefined}>
          {index === null ? `${all} ${all === 1 ? 'item' : 'items'}` : `Item ${index + 1}`}
          <ChevronDown />
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Items" align="end" className="flex max-h-72 w-64 flex-col p-0">
        <input
          autoFocus
          inputMode="numeric"
          aria-label="Number of the item"
          placeholder="Number"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') choose(found[0])
          }}
          className="border-line h-8.5 shrink-0 border-b bg-transparent px-3 outline-none"
        />
        <ul aria-label="Items" className="overflow-y-auto p-1.5">
          {found.slice(0, listed).map((pass) => (
            <li key={pass.scope}>
              <button
                type="button"
                aria-current={pass.index === index}
                onClick={() => choose(pass)}
                className="hover:bg-surface-hover focus-visible:bg-surface-hover aria-current:bg-accent-soft flex w-full items-center gap-2 rounded-sm px-2 py-1 text-left text-xs"
              >
                <span className="w-8 shrink-0 font-medium">{pass.index + 1}</span>
                <span className="text-ink-muted min-w-0 flex-1 truncate font-mono">{glimpse(pass.item)}</span>
                <span
                  className={classNames('text-ink-faint', pass.status === 'failed' && 'text-status-failed')}
                >
                  {words[pass.status]}
                </span>
              </button>
            </li>
          ))}
          {found.length > listed && (
            <li className="text-ink-faint px-2 py-1 text-xs">… {found.length - listed} more, by number</li>
          )}
        </ul>
      </PopoverContent>
    </Popover>
  )
}

function passes(store: ReturnType<typeof useRunStore>, node: string): Pass[] {
  const { shown, overlay } = store.getState()
  return shown ? passesOf(shown, node, overlay.picks) : []
}

function orderedPasses(store: ReturnType<typeof useRunStore>, node: string): Pass[] {
  return passes(store, node).sort((a, b) => a.index - b.index)
}
