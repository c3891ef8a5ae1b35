'use client'

import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { useFieldScope } from './field-context'
import type { ControlProps } from './form-fields'
import { JsonField } from './json-field'
import { printProperties, propertyTypes, readProperties, type Property } from './simple-schema'

const choices = propertyTypes.map((type) => ({ value: type, label: type }))

/** A shape, built by rows while it is simple, as JSON Schema when it is not or when asked. */
export function SchemaField(props: ControlProps) {
  const { value, onChange, id, field } = props
  const { readOnly } = useFieldScope()
  const [asJson, setAsJson] = useState(false)
  const [draft, setDraft] = useState<{ rows: Property[]; of: string } | null>(null)
  const stored = readProperties(value)
  const fingerprint = JSON.stringify(value)
  const rows = draft && draft.of === fingerprint ? draft.rows : stored

  function edit(next: Property[]) {
    const printed = printProperties(next)
    setDraft({ rows: next, of: JSON.stringify(printed) })
    onChange(printed)
  }
  const change = (index: number, patch: Partial<Property>) =>
    edit((rows ?? []).map((row, each) => (each === index ? { ...row, ...patch } : row)))

  const toggle = (
    <Button
      variant="quiet"
      size="xs"
      className="self-end"
      disabled={stored === null}
      title={stored === null ? 'This shape has parts that only JSON Schema can say.' : undefined}
      onClick={() => setAsJson(!asJson)}
    >
      {asJson || rows === null ? 'Rows' : 'JSON Schema'}
    </Button>
  )
  if (asJson || rows === null)
    return (
      <div className="flex flex-col gap-1.5">
        <JsonField {...props} />
        {toggle}
      </div>
    )
  return (
    <div id={id} role="group" aria-label={field.label} className="flex flex-col gap-1.5">
      {rows.map((row, index) => (
        <div key={index} className="border-line flex flex-col gap-1.5 rounded-md border p-2">
          <div className="grid grid-cols-[1fr_1fr_auto] gap-1.5">
            <Input
              aria-label={`Name of property ${index + 1}`}
              className="font-mono text-xs"
              placeholder="name"
              spellCheck={false}
              disabled={readOnly}
              value={row.name}
              onChange={(event) => change(index, { name: event.target.value })}
            />
            <Select
              aria-label={`Type of ${row.name || `property ${index + 1}`}`}
              disabled={readOnly}
              value={row.type}
              options={choices}
              onChange={(type) => change(index, { type })}
            />
            <IconButton
              label={`Remove ${row.name || `property ${index + 1}`}`}
              disabled={readOnly}
              onClick={() => edit(rows.filter((_, each) => each !== index))}
            >
              <X />
            </IconButton>
          </div>
          {row.type === 'one of' && (
            <Input
              aria-label={`Choices of ${row.name}`}
              placeholder="high, medium, low"
              disabled={readOnly}
              defaultValue={row.choices.join(', ')}
              onChange={(event) => change(index, { choices: splitChoices(event.target.value) })}
            />
          )}
          <Input
            aria-label={`What ${row.name || `property ${index + 1}`} means`}
            placeholder="What it means"
            disabled={readOnly}
            value={row.description}
            onChange={(event) => change(index, { description: event.target.value })}
          />
        </div>
      ))}
      <div className="flex justify-between">
        <Button
          variant="quiet"
          size="xs"
          disabled={readOnly}
          onClick={() =>
            edit([...rows, { name: '', type: 'text', choices: [], description: '', required: true }])
          }
        >
          <Plus /> Add
        </Button>
        {toggle}
      </div>
    </div>
  )
}

function splitChoices(text: string): string[] {
  return [...new Set(text.split(',').map((choice) => choice.trim()))].filter((choice) => choice !== '')
}
