'use client'

import { useState } from 'react'
import { Input } from '@/components/ui/input'
import { parseDurationMs } from '@/flow/duration'

const units: Record<string, (count: string) => string> = {
  s: (count) => `PT${count}S`,
  m: (count) => `PT${count}M`,
  h: (count) => `PT${count}H`,
  d: (count) => `P${count}D`,
}

/** A duration as people type it (`30s`, `5m`, `2h`, `3d`) or as ISO 8601; stored as ISO 8601. */
export function DurationInput({
  id,
  value,
  placeholder = 'none',
  onChange,
}: {
  id: string
  value: string | undefined
  placeholder?: string
  onChange: (value: string | undefined) => void
}) {
  const [draft, setDraft] = useState<string | null>(null)
  const isWrong = draft !== null && draft !== '' && readDuration(draft) === null
  return (
    <Input
      id={id}
      placeholder={placeholder}
      aria-invalid={isWrong}
      title={isWrong ? 'Write 30s, 5m, 2h or 3d.' : undefined}
      value={draft ?? shortDuration(value)}
      onChange={(event) => {
        const text = event.target.value
        setDraft(text)
        const duration = text.trim() === '' ? undefined : readDuration(text)
        if (duration !== null) onChange(duration)
      }}
      onBlur={() => setDraft(null)}
    />
  )
}

/** ISO 8601 of what was typed; null when it is no duration. */
export function readDuration(text: string): string | null {
  const trimmed = text.trim()
  const short = /^(\d+(?:\.\d+)?)\s*([smhd])[a-z]*$/i.exec(trimmed)
  const iso = short ? (units[short[2]?.toLowerCase() ?? '']?.(short[1] ?? '') ?? '') : trimmed.toUpperCase()
  return parseDurationMs(iso) === null ? null : iso
}

/** ISO 8601 as people type it, `PT5M` → `5m`, where it is of one unit; any other text as it stands. */
export function shortDuration(value: string | undefined): string {
  if (value === undefined) return ''
  const single = /^P(?:T(\d+(?:\.\d+)?)([SMH])|(\d+)(D))$/.exec(value)
  return single ? `${single[1] ?? single[3]}${(single[2] ?? single[4] ?? '').toLowerCase()}` : value
}
