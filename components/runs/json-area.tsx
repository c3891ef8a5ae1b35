'use client'

import { useState } from 'react'
import { classNames } from '@/components/ui/class-names'
import { Textarea } from '@/components/ui/textarea'
import type { Json } from '@/flow/json'

/** JSON written by hand. Text that is no JSON is kept, said to be wrong, and told as undefined. */
export function JsonArea({
  value,
  onChange,
  rows = 8,
  className,
  ...control
}: {
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  rows?: number
  className?: string
  id?: string
  'aria-label'?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
}) {
  const [draft, setDraft] = useState(() => ({ text: print(value), value }))
  // A value from outside replaces the text, unless it is what the text says.
  const isOurs = draft.value === value || (value === undefined && parseJson(draft.text).error !== null)
  const text = isOurs ? draft.text : print(value)
  const { error } = parseJson(text)
  return (
    <div className={classNames('flex min-h-0 flex-col gap-1', className)}>
      <Textarea
        {...control}
        aria-invalid={error !== null || control['aria-invalid'] === true}
        spellCheck={false}
        rows={rows}
        className="min-h-0 flex-1 resize-none font-mono text-xs leading-relaxed"
        value={text}
        onChange={(event) => {
          const next = parseJson(event.target.value)
          setDraft({ text: event.target.value, value: next.value })
          onChange(next.value)
        }}
      />
      {error && (
        <p role="alert" className="text-status-failed text-xs">
          {error}
        </p>
      )}
    </div>
  )
}

function print(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2)
}

function parseJson(text: string): { value: Json | undefined; error: string | null } {
  if (text.trim() === '') return { value: undefined, error: 'Write a JSON value, such as {}.' }
  try {
    const value: Json = JSON.parse(text)
    return { value, error: null }
  } catch (error) {
    return { value: undefined, error: `This is not JSON yet: ${error instanceof Error ? error.message : ''}` }
  }
}
