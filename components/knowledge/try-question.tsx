'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Search, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { Section } from '@/components/settings/section'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { PassageView } from './passage-view'

/** Asks the collection as a step of a flow does. */
export function TryQuestion({ collection }: { collection: string }) {
  const api = useTRPC()
  const [draft, setDraft] = useState('')
  const [query, setQuery] = useState('')
  const found = useQuery({
    ...api.knowledge.search.queryOptions({ collection, query }),
    enabled: query !== '',
    placeholderData: keepPreviousData,
  })
  return (
    <Section title="Try a question" about="What a flow finds when it asks this.">
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          setQuery(draft.trim())
        }}
      >
        <Input
          type="search"
          aria-label="Question"
          className="flex-1"
          placeholder="How long may I return a bike?"
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
        />
        <Button type="submit" disabled={draft.trim() === ''}>
          <Search /> Find
        </Button>
      </form>
      <div aria-live="polite" className="flex flex-col gap-2.5 empty:hidden">
        {query === '' ? null : found.isError ? (
          <LoadFailed
            title="The search did not work"
            error={found.error}
            onRetry={() => void found.refetch()}
          />
        ) : (
          found.data && <Found {...found.data} />
        )}
      </div>
    </Section>
  )
}

function Found({ passages, note }: ApiOutput['knowledge']['search']) {
  return (
    <>
      {note !== undefined && (
        <p className="text-ink-muted flex items-start gap-2 text-sm">
          <TriangleAlert aria-hidden className="text-status-waiting mt-0.5 size-3.5 shrink-0" /> {note}
        </p>
      )}
      {passages.length === 0 && (
        <p className="text-ink-muted">No passage fits. Ask with words that stand in the documents.</p>
      )}
      {passages.map(({ source, text, score }, index) => (
        <PassageView
          key={index}
          heading={source}
          text={text}
          aside={
            <span className="text-ink-faint tabular-nums" title="How well it fits">
              {Math.round(score * 100)} %
            </span>
          }
        />
      ))}
    </>
  )
}
