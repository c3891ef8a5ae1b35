import type { ComponentProps } from 'react'
import { classNames } from './class-names'
import { controlStyle } from './control-style'

/** Grows with its text, from `rows` up. */
export function Textarea({ className, rows = 3, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={rows}
      className={classNames(controlStyle, 'field-sizing-content resize-y px-2.5 py-1.5', className)}
      {...props}
    />
  )
}
