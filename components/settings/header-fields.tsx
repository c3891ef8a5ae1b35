'use client'

import { Plus, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { anotherRow, headersProblem, type HeaderRow } from './header-rows'

/** Any number of headers: names, and values that nobody reads back. */
export function HeaderFields({
  rows,
  onChange,
}: {
  rows: readonly HeaderRow[]
  onChange: (rows: HeaderRow[]) => void
}) {
  const change = (key: number, patch: Partial<HeaderRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...patch } : row)))
  const problem = headersProblem(rows)
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="text-ink-muted mb-1.5 text-xs font-medium">Headers of each request</legend>
      {rows.map(({ key, name, value, isStored }) => (
        <div key={key} className="grid grid-cols-[1fr_auto] items-end gap-2 sm:grid-cols-[10rem_1fr_auto]">
          <Field label="Header">
            {({ id }) => (
              <Input
                id={id}
                required={value !== ''}
                // What is stored is stored by this name.
                readOnly={isStored}
                spellCheck={false}
                autoComplete="off"
                className="font-mono"
                value={name}
                onChange={(event) => change(key, { name: event.target.value })}
              />
            )}
          </Field>
          <Field label={name.trim() === '' ? 'Its value' : `Value of ${name.trim()}`}>
            {({ id }) => (
              <Input
                id={id}
                type="password"
                autoComplete="off"
                required={!isStored && name.trim() !== ''}
                placeholder={isStored ? 'Stored: leave it empty to keep it' : ''}
                value={value}
                onChange={(event) => change(key, { value: event.target.value })}
              />
            )}
          </Field>
          <IconButton
            label={`Remove ${name.trim() || 'this header'}`}
            onClick={() => onChange(rows.filter((row) => row.key !== key))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      {problem !== null && (
        <p role="alert" className="text-status-failed text-xs">
          {problem}
        </p>
      )}
      <p className="text-ink-faint text-xs">
        Such as Authorization with Bearer and a key. Stored encrypted and never shown again; another host does
        not get them.
      </p>
      <Button size="xs" className="self-start" onClick={() => onChange([...rows, anotherRow(rows)])}>
        <Plus /> Add a header
      </Button>
    </fieldset>
  )
}
