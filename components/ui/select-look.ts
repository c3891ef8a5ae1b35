import type { ReactNode } from 'react'
import { classNames } from './class-names'
import { controlStyle } from './control-style'

interface SelectOption<V extends string = string> {
  value: V
  label: ReactNode
  /** Faint words after the label. */
  hint?: ReactNode
  disabled?: boolean
}

export interface SelectProps<V extends string> {
  value: V | undefined
  options: readonly SelectOption<V>[]
  onChange: (value: V) => void
  placeholder?: string
  id?: string
  disabled?: boolean
  className?: string
  'aria-label'?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
}

/** The button, the same before and after the list has come. */
export const selectStyle = classNames(
  controlStyle,
  'data-placeholder:text-ink-faint flex h-8 items-center justify-between gap-2 px-2.5 text-left [&>span]:truncate',
)
