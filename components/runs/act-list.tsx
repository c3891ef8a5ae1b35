'use client'

import { ChevronRight, Sparkle, TriangleAlert, Wrench } from 'lucide-react'
import { useState } from 'react'
import { classNames } from '@/components/ui/class-names'
import { MarkdownView } from '@/components/ui/markdown-view'
import type { StepAct } from '@/flow/run/state'
import { actFacts, textOfAct, toldError } from './act-words'
import { statusWords } from './run-words'
import { StepError } from './step-error'
import { ValueView } from './value-view'

/** Every call of a model or a tool that a step has made, in order; each opens to what it took and gave. */
export function ActList({ acts }: { acts: readonly StepAct[] }) {
  if (acts.length === 0) {
    return <p className="text-ink-muted text-base">This step has called no model and no tool.</p>
  }
  return (
    <ol aria-label="Calls of models and tools" className="flex flex-col gap-1.5">
      {acts.map((act) => (
        <Act key={act.name} act={act} />
      ))}
    </ol>
  )
}

function Act({ act }: { act: StepAct }) {
  const [isOpen, setOpen] = useState(false)
  const { word, fill } = statusWords[act.status]
  const Icon = act.kind === 'model' ? Sparkle : Wrench
  const told = toldError(act)
  const facts = actFacts(act)
  return (
    <li className="border-line rounded-md border">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-label={[act.title, act.kind, word.toLowerCase(), facts].filter(Boolean).join(', ')}
        onClick={() => setOpen(!isOpen)}
        className="hover:bg-surface-hover flex w-full items-center gap-2 rounded-md px-2.5 py-2 text-left text-sm"
      >
        <ChevronRight
          aria-hidden
          className={classNames('text-ink-faint size-3.5 shrink-0', isOpen && 'rotate-90')}
        />
        <Icon aria-hidden strokeWidth={1.75} className="text-ink-muted size-3.5 shrink-0" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{act.title}</span>
          <span className="text-ink-faint text-2xs block truncate tabular-nums">
            {[facts, act.usage?.model].filter(Boolean).join(' · ') || word}
          </span>
        </span>
        {told ? (
          <TriangleAlert
            aria-label="It failed, and the agent went on"
            className="text-status-failed size-3.5 shrink-0"
          />
        ) : (
          <i aria-hidden title={word} className={classNames('size-1.75 shrink-0 rounded-full', fill)} />
        )}
      </button>
      {isOpen && <ActDetails act={act} />}
    </li>
  )
}

function ActDetails({ act }: { act: StepAct }) {
  const text = textOfAct(act)
  return (
    <div className="border-line flex flex-col gap-4 border-t px-3 py-3">
      {act.error && <StepError error={act.error} />}
      {text !== undefined && (
        <section aria-label="Text" className="flex flex-col gap-2 text-base break-words">
          <h3 className="text-ink-muted text-xs font-medium">Text</h3>
          <MarkdownView source={text} />
        </section>
      )}
      {act.input !== undefined && <ValueView label="Took" value={act.input} path="input" />}
      {act.output !== undefined && <ValueView label="Gave" value={act.output} path="output" />}
      {act.status === 'running' && <p className="text-ink-muted text-sm">It is at work.</p>}
    </div>
  )
}
