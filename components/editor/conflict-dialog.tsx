'use client'

import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Pill } from '@/components/ui/pill'
import { Segmented } from '@/components/ui/segmented'
import type { Json } from '@/flow/json'
import { useEditor, useEditorStore } from './editor-store'
import { useEditorView, useEditorViewStore } from './editor-view'
import { compareDocuments, type Difference, type Side } from './merge'

const sides = [
  { value: 'mine', label: 'Mine' },
  { value: 'theirs', label: 'Theirs' },
] as const

/** Somebody else saved this flow meanwhile: both versions by step and field. Nothing is lost until a side is chosen. */
export function ConflictDialog() {
  const conflict = useEditor((state) => state.conflict)
  const isHidden = useEditorView((view) => view.isConflictHidden)
  return conflict && !isHidden ? <OpenConflict key={conflict.revision} /> : null
}

function OpenConflict() {
  const editor = useEditorStore()
  const view = useEditorViewStore()
  const conflict = useEditor((state) => state.conflict)
  const mine = useEditor((state) => state.document)
  const base = useEditor((state) => state.savedDocument)
  const [choices, setChoices] = useState<ReadonlyMap<string, Side>>(new Map())
  const differences = useMemo(
    () => (conflict ? compareDocuments(base, mine, conflict.document) : []),
    [base, mine, conflict],
  )
  if (!conflict) return null
  const clashes = differences.filter((each) => each.by === 'both')
  const agreed = differences.filter((each) => each.by !== 'both')
  const chosen = (difference: Difference): Side => choices.get(difference.key) ?? 'mine'
  const who = conflict.updatedBy ?? 'Someone else'
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && view.setState({ isConflictHidden: true })}
      size="lg"
      title={`${who} changed this flow meanwhile`}
      description={
        clashes.length === 0
          ? 'You changed different things, so both sets of changes can be kept. Your edits are not saved until you choose.'
          : `${clashes.length} ${clashes.length === 1 ? 'place was' : 'places were'} changed by both. Choose for each; the rest is kept from both. Your edits are not saved until you do.`
      }
      footer={
        <>
          <Button onClick={() => editor.settle(() => 'theirs', 'theirs')}>Take all theirs</Button>
          <Button onClick={() => editor.settle(() => 'mine', 'mine')}>Keep all mine</Button>
          <Button variant="primary" onClick={() => editor.settle(chosen)}>
            Merge and save
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {clashes.map((difference) => (
          <section
            key={difference.key}
            aria-label={placeOf(difference)}
            className="border-line rounded-lg border"
          >
            <header className="border-line flex items-center justify-between gap-3 border-b px-3 py-2">
              <h3 className="min-w-0 truncate font-medium">{placeOf(difference)}</h3>
              <Segmented
                label={`Which version of ${placeOf(difference)}`}
                value={chosen(difference)}
                options={sides}
                onChange={(side) => setChoices(new Map(choices).set(difference.key, side))}
              />
            </header>
            <div className="divide-line grid grid-cols-2 divide-x">
              <Version value={difference.mine} isChosen={chosen(difference) === 'mine'} />
              <Version value={difference.theirs} isChosen={chosen(difference) === 'theirs'} />
            </div>
          </section>
        ))}
        {agreed.length > 0 && (
          <section aria-label="Kept from both">
            <h3 className="text-ink-faint mb-1 text-xs font-semibold">Kept from both</h3>
            <ul>
              {agreed.map((difference) => (
                <li key={difference.key} className="flex min-h-7 items-center justify-between gap-3">
                  <span className="truncate">{placeOf(difference)}</span>
                  <Pill tone={difference.by === 'mine' ? 'accent' : 'neutral'}>
                    {difference.by === 'mine' ? 'mine' : 'theirs'}
                  </Pill>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Dialog>
  )
}

function Version({ value, isChosen }: { value: Json | undefined; isChosen: boolean }) {
  return (
    <pre
      className={`max-h-40 overflow-auto px-3 py-2 font-mono text-xs whitespace-pre-wrap ${isChosen ? 'bg-accent-soft' : 'text-ink-faint'}`}
    >
      {value === undefined ? '(removed)' : typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
    </pre>
  )
}

const fieldWords: Record<string, string> = { position: 'place', onError: 'what happens on errors' }

function placeOf({ subject, field }: Difference): string {
  const name =
    subject.type === 'flow' ? 'This flow' : subject.type === 'edge' ? `Line ${subject.name}` : subject.name
  if (field === null) return name
  const setting = field.replace(/^config\//, '')
  return `${name}: ${fieldWords[setting] ?? setting}`
}
