'use client'

import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import { useEditor } from './editor-store'
import { useEditorView, useEditorViewStore } from './editor-view'
import { useVerbs } from './editor-verbs'
import { findIn } from './find'

export function FindBar() {
  const isOpen = useEditorView((view) => view.panel === 'find')
  return isOpen ? <OpenFindBar /> : null
}

/** Finds in names, ids and values; Enter goes from one to the next. */
function OpenFindBar() {
  const view = useEditorViewStore()
  const verbs = useVerbs()
  const document = useEditor((state) => state.document)
  const [words, setWords] = useState('')
  const [at, setAt] = useState(-1)
  const found = useMemo(() => findIn(document, words), [document, words])
  const close = () => view.setState({ panel: null })
  const go = (step: number) => {
    if (found.length === 0) return
    const index = (Math.max(at, step > 0 ? -1 : 0) + step + found.length) % found.length
    setAt(index)
    const place = found[index]
    if (place) verbs.look(place.id)
  }
  const place = found[at]
  return (
    <section
      role="search"
      aria-label="Find in this flow"
      className="border-line bg-surface shadow-pop absolute top-3.5 left-1/2 z-20 w-96 max-w-[calc(100%-2rem)] -translate-x-1/2 rounded-lg border"
    >
      <div className="flex h-9 items-center gap-1 pr-1 pl-3">
        <input
          autoFocus
          aria-label="Find"
          placeholder="Names, ids, values"
          value={words}
          onChange={(event) => {
            setWords(event.target.value)
            setAt(-1)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') go(event.shiftKey ? -1 : 1)
            if (event.key === 'Escape') close()
          }}
          className="min-w-0 flex-1 bg-transparent outline-none"
        />
        <span role="status" className="text-ink-faint text-xs whitespace-nowrap">
          {words && (found.length === 0 ? 'Nothing' : `${at < 0 ? '' : `${at + 1} of `}${found.length}`)}
        </span>
        <IconButton label="Previous" size="xs" disabled={found.length === 0} onClick={() => go(-1)}>
          <ChevronUp />
        </IconButton>
        <IconButton label="Next" size="xs" disabled={found.length === 0} onClick={() => go(1)}>
          <ChevronDown />
        </IconButton>
        <IconButton label="Close" size="xs" onClick={close}>
          <X />
        </IconButton>
      </div>
      {place && (
        <p className="border-line text-ink-muted truncate border-t px-3 py-1.5 text-xs">
          <span className="text-ink font-medium">{place.name}</span> {place.where}
        </p>
      )}
    </section>
  )
}
