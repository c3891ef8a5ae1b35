'use client'

import { Command as Cmdk } from 'cmdk'
import { Check, ChevronDown } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { classNames } from '@/components/ui/class-names'
import { controlStyle } from '@/components/ui/control-style'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { priceWords } from './usage-words'

const itemStyle =
  'flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm select-none data-[selected=true]:bg-surface-hover'

/** Not the name of any model. */
const none = '·none·'

/** Each typed piece stands somewhere in the name. */
const rank = (value: string, search: string) =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((piece) => value.toLowerCase().includes(piece))
    ? 1
    : 0

export interface PickerProps {
  /** Undefined: none is named. */
  value: string | undefined
  /** What naming none means. */
  absent: ReactNode
  onChange: (model: string | undefined) => void
  label: string
  className?: string
  disabled?: boolean
  id?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
}

/** What the providers have answered so far. */
interface Offered {
  data?: {
    models: { name: string; price: { input: number; output: number } | null }[]
    problems: { provider: string; message: string }[]
  }
  isPending: boolean
  isError: boolean
}

/** One of the models that are offered, or a name typed by hand. */
export function NamePicker({
  value,
  absent,
  onChange,
  label,
  className,
  disabled,
  models,
  isOpen,
  onOpenChange: setOpen,
  ...trigger
}: PickerProps & { models: Offered; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  const [search, setSearch] = useState('')
  const names = models.data?.models ?? []
  const typed = search.trim()
  const isNew = typed !== '' && !names.some((model) => model.name === typed)
  const choose = (model: string | undefined) => {
    setOpen(false)
    setSearch('')
    if (model !== value) onChange(model)
  }
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger
        {...trigger}
        aria-label={`${label}: ${value ?? 'not set'}`}
        disabled={disabled}
        className={classNames(
          controlStyle,
          'flex h-8 items-center justify-between gap-2 px-2.5 text-left',
          className,
        )}
      >
        {value === undefined ? (
          <span className="text-ink-muted truncate">{absent}</span>
        ) : (
          <span className="truncate font-mono">{value}</span>
        )}
        <ChevronDown aria-hidden className="text-ink-faint size-3.5 shrink-0" />
      </PopoverTrigger>
      <PopoverContent align="start" aria-label={label} className="w-80 overflow-hidden p-0">
        <Cmdk label={label} filter={rank} defaultValue={value ?? none} loop>
          <Cmdk.Input
            value={search}
            onValueChange={setSearch}
            placeholder="Search, or type provider/name"
            className="border-line h-9 w-full border-b bg-transparent px-3 text-base outline-none"
          />
          <Cmdk.List label={label} className="max-h-72 overflow-y-auto p-1">
            {typed === '' && (
              <Cmdk.Item value={none} onSelect={() => choose(undefined)} className={itemStyle}>
                <span className="min-w-0 flex-1">{absent}</span>
                {value === undefined && <Check aria-hidden className="size-3.5 shrink-0" />}
              </Cmdk.Item>
            )}
            {names.map(({ name, price }) => (
              <Cmdk.Item key={name} value={name} onSelect={() => choose(name)} className={itemStyle}>
                <span className="min-w-0 flex-1 truncate font-mono">{name}</span>
                <span className="text-ink-faint shrink-0 text-xs">
                  {name === 'offline' ? 'rule-based' : price ? priceWords(price) : ''}
                </span>
                {value === name && <Check aria-hidden className="size-3.5 shrink-0" />}
              </Cmdk.Item>
            ))}
            {isNew && (
              <Cmdk.Item value={typed} onSelect={() => choose(typed)} className={itemStyle}>
                <span className="min-w-0 truncate">
                  Use <span className="font-mono">{typed}</span>
                </span>
              </Cmdk.Item>
            )}
          </Cmdk.List>
          {models.isPending && (
            <p role="status" className="text-ink-muted px-3 py-2 text-sm">
              Asking the providers…
            </p>
          )}
          {models.isError && (
            <p role="alert" className="text-status-failed px-3 py-2 text-sm">
              The models could not be loaded. Type a name.
            </p>
          )}
          {models.data?.problems.map(({ provider, message }) => (
            <p key={provider} className="border-line text-ink-muted border-t px-3 py-2 text-xs">
              {message}
            </p>
          ))}
        </Cmdk>
      </PopoverContent>
    </Popover>
  )
}
