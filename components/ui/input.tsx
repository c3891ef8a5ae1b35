import type { ComponentProps } from 'react'
import { classNames } from './class-names'
import { controlStyle } from './control-style'

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={classNames(controlStyle, 'h-8 px-2.5', className)} {...props} />
}
