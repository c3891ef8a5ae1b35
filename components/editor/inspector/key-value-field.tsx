'use client'

import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { Json, JsonObject } from '@/flow/json'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { CodeEditor } from './code-editor'
import { useFieldScope } from './field-context'
import { asObject, type ControlProps } from './form-fields'

interface Row {
  name: string
  text: string
}

/**
 * Names and values. A value is text (templates allowed); what reads as JSON other than text is kept as such.
 * Rows being typed may share a name or have none; only the finished ones reach the document.
 */
export function KeyValueField({ field, value, onChange, id }: ControlProps) {
  const { root, readOnly } = useFieldScope()
  const [draft, setDraft] = useState<{ rows: Row[]; of: string } | null>(null)
  const stored = asObject(value)
  const fingerprint = JSON.stringify(stored)
  const rows = draft && draft.of === fingerprint ? draft.rows : rowsOf(stored)

  function edit(next: Row[]) {
    const object: JsonObject = {}
    for (const row of next) if (row.name !== '') object[row.name] = read(row.text)
    setDraft({ rows: next, of: JSON.stringify(object) })
    onChange(next.length === 0 && !field.isRequired ? undefined : object)
  }
  const change = (index: number, patch: Partial<Row>) =>
    edit(rows.map((row, each) => (each === index ? { ...row, ...patch } : row)))

  return (
    <div id={id} role="group" aria-label={field.label} className="flex flex-col gap-1.5">
      {rows.map((row, index) => (
        <div key={index} className="grid grid-cols-[2fr_3fr_auto] items-start gap-1.5">
          <Input
            aria-label={`Name ${index + 1}`}
            className="font-mono text-xs"
            placeholder="name"
            spellCheck={false}
            disabled={readOnly}
            value={row.name}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <CodeEditor
            label={`Value of ${row.name || `row ${index + 1}`}`}
            language="text"
            root={root}
            value={row.text}
            example={field.meta.example}
            readOnly={readOnly}
            onChange={(text) => change(index, { text })}
          />
          <IconButton
            label={`Remove ${row.name || `row ${index + 1}`}`}
            disabled={readOnly}
            onClick={() => edit(rows.filter((_, each) => each !== index))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      <Button
        variant="quiet"
        size="xs"
        className="self-start"
        disabled={readOnly}
        onClick={() => edit([...rows, { name: '', text: '' }])}
      >
        <Plus /> Add
      </Button>
    </div>
  )
}

function rowsOf(object: JsonObject): Row[] {
  return Object.entries(object).map(([name, value]) => ({
    name,
    text: typeof value === 'string' && read(value) === value ? value : JSON.stringify(value),
  }))
}

/** Numbers, true, false, null, lists and objects are what they look like; everything else is text. */
function read(text: string): Json {
  if (!/^\s*(-?\d|true\b|false\b|null\b|[[{"])/.test(text)) return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
