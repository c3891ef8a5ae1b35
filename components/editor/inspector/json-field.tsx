'use client'

import { useState } from 'react'
import { jsonSchema, type Json } from '@/flow/json'
import { CodeEditor } from './code-editor'
import { useFieldScope } from './field-context'
import type { ControlProps } from './form-fields'

/** Any JSON, typed as text. What does not parse stays in the field and changes nothing. */
export function JsonField({ field, value, onChange, id, describedBy }: ControlProps) {
  const { root, readOnly } = useFieldScope()
  const [draft, setDraft] = useState<{ text: string; of: Json | undefined } | null>(null)
  const text = draft && draft.of === value ? draft.text : print(value)
  const [problem, setProblem] = useState<string | null>(null)

  function edit(next: string) {
    const parsed = parse(next, field.meta.role === 'value')
    if (parsed.ok) {
      setProblem(null)
      setDraft({ text: next, of: parsed.value })
      onChange(parsed.value)
    } else {
      setProblem(parsed.message)
      setDraft({ text: next, of: value })
    }
  }

  return (
    <>
      <CodeEditor
        id={id}
        label={field.label}
        describedBy={describedBy}
        language={field.meta.role === 'value' ? 'value' : 'json'}
        root={root}
        value={text}
        example={field.meta.example}
        readOnly={readOnly}
        invalid={problem !== null}
        onChange={edit}
      />
      {problem && (
        <p role="alert" className="text-status-failed text-xs">
          {problem}
        </p>
      )}
    </>
  )
}

type Parsed = { ok: true; value: Json | undefined } | { ok: false; message: string }

/** A value field may also hold one plain text or template, without quotes. */
function parse(text: string, mayBeText: boolean): Parsed {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, value: undefined }
  try {
    return { ok: true, value: jsonSchema.parse(JSON.parse(trimmed)) }
  } catch (error) {
    if (mayBeText && !/^[[{"]/.test(trimmed)) return { ok: true, value: text }
    return { ok: false, message: `This is not JSON yet: ${error instanceof Error ? error.message : ''}` }
  }
}

function print(value: Json | undefined): string {
  if (value === undefined) return ''
  const isPlain = typeof value === 'string' && value !== '' && !isJson(value) && !/^[[{"]/.test(value.trim())
  return isPlain ? value : JSON.stringify(value, null, 2)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
