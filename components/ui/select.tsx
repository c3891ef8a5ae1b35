'use client'

import { ChevronDown } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import { classNames } from './class-names'
import { partOf } from './part'
import { selectStyle, type SelectProps } from './select-look'

const List = partOf(async () => (await import('./select-list')).SelectList)

/** One of some choices. Its list comes when a person comes near; until then there is only the button. */
export function Select<V extends string>(props: SelectProps<V>) {
  const isHere = List.useIsHere()
  const [hasFocus, setFocus] = useState(false)
  const [isPressed, setPressed] = useState(false)
  const { value, options, onChange, placeholder, className, ...button } = props
  const choose = (next: string) => {
    const option = options.find((each) => each.value === next)
    if (option) onChange(option.value)
  }
  if (isHere) return <List {...props} onChange={choose} autoFocus={hasFocus} isOpen={isPressed} />

  const press = () => {
    setPressed(true)
    List.fetch()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!['Enter', ' ', 'ArrowDown', 'ArrowUp'].includes(event.key)) return
    event.preventDefault()
    press()
  }
  const chosen = options.find((option) => option.value === value)
  return (
    <button
      {...button}
      type="button"
      role="combobox"
      aria-expanded={false}
      aria-haspopup="listbox"
      data-placeholder={value ? undefined : ''}
      className={classNames(selectStyle, className)}
      onPointerEnter={List.fetch}
      onPointerDown={press}
      onKeyDown={onKeyDown}
      onFocus={() => {
        setFocus(true)
        List.fetch()
      }}
      onBlur={() => setFocus(false)}
    >
      <span>{chosen?.label ?? (value ? '' : placeholder)}</span>
      <ChevronDown aria-hidden className="text-ink-faint size-3.5 shrink-0" />
    </button>
  )
}
