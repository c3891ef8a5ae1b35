'use client'

import { Copy } from 'lucide-react'
import { useMemo, useState } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import type { Json } from '@/flow/json'
import { glimpse, membersOf, printed, tableOf } from './value-path'
import { copyText, ValueTree } from './value-tree'

type Mode = 'tree' | 'table' | 'raw'
const modes = [
  { value: 'tree', label: 'Tree' },
  { value: 'table', label: 'Table' },
  { value: 'raw', label: 'Raw' },
] as const

/** Characters of raw text that are shown; copying gives all of it. */
const rawLimit = 200_000

/** A JSON value to look into: as a tree, a table or text. `path` is the expression that reads it. */
export function ValueView({ value, path, label }: { value: Json; path: string; label: string }) {
  const [mode, setMode] = useState<Mode>('tree')
  const table = useMemo(() => tableOf(value), [value])
  const available = modes.filter((each) => each.value !== 'table' || table !== null)
  const shown = mode === 'table' && !table ? 'tree' : mode
  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-2">
      <div className="flex items-center gap-2">
        <h3 className="text-ink-muted flex-1 text-xs font-medium">{label}</h3>
        {membersOf(value) && (
          <div role="group" aria-label={`Show ${label.toLowerCase()} as`} className="flex text-xs">
            {available.map((each) => (
              <button
                key={each.value}
                type="button"
                aria-pressed={each.value === shown}
                onClick={() => setMode(each.value)}
                className="text-ink-faint hover:text-ink aria-pressed:bg-surface-hover aria-pressed:text-ink rounded-sm px-1.5 py-0.5"
              >
                {each.label}
              </button>
            ))}
          </div>
        )}
        <IconButton label={`Copy ${label.toLowerCase()}`} onClick={() => copyText(printed(value), label)}>
          <Copy />
        </IconButton>
      </div>
      {shown === 'tree' && <ValueTree value={value} path={path} />}
      {shown === 'table' && table && <ValueTable {...table} />}
      {shown === 'raw' && <RawValue value={value} label={label} />}
    </section>
  )
}

function RawValue({ value, label }: { value: Json; label: string }) {
  const text = useMemo(() => printed(value), [value])
  return (
    <pre
      tabIndex={0}
      aria-label={`${label} as JSON`}
      className="bg-surface-raised overflow-x-auto rounded-md p-2.5 font-mono text-xs leading-relaxed"
    >
      {text.slice(0, rawLimit)}
      {text.length > rawLimit && '\n… copy to get the rest'}
    </pre>
  )
}

function ValueTable({ columns, rows }: { columns: string[]; rows: Json[][] }) {
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label="Table"
      className="border-line overflow-x-auto rounded-md border"
    >
      <table className="w-full border-collapse text-left font-mono text-xs">
        <thead className="bg-surface-raised text-ink-muted">
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" className="border-line border-b px-2 py-1 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 500).map((row, index) => (
            <tr key={index} className="border-line not-last:border-b">
              {row.map((cell, column) => (
                <td key={column} className="max-w-64 truncate px-2 py-1" title={glimpse(cell)}>
                  {typeof cell === 'string' ? cell : glimpse(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
