'use client'

import { useState } from 'react'
import { DurationInput, readDuration, shortDuration } from './duration-input'
import { ExpressionField } from './expression-field'
import { textOrAbsent, type ControlProps } from './form-fields'

/** A duration as people type it (`5m`), stored as ISO 8601; where the field takes expressions, one of them. */
export function DurationField(props: ControlProps) {
  const { field, value, onChange, id } = props
  const [draft, setDraft] = useState<string | null>(null)
  const text = typeof value === 'string' ? value : undefined
  const example = typeof field.fallback === 'string' ? field.fallback : field.meta.example
  if (field.meta.role !== 'text')
    return <DurationInput id={id} value={text} placeholder={shortDuration(example)} onChange={onChange} />
  return (
    <div className="contents" onBlur={() => setDraft(null)}>
      <ExpressionField
        {...props}
        field={{ ...field, fallback: undefined, meta: { ...field.meta, example: shortDuration(example) } }}
        value={draft ?? shortDuration(text)}
        onChange={(next) => {
          const typed = typeof next === 'string' ? next : ''
          setDraft(typed)
          onChange(textOrAbsent(readDuration(typed) ?? typed, field.isRequired))
        }}
      />
    </div>
  )
}
