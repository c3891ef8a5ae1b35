import type { ReactNode } from 'react'
import type { Category } from '@/flow/kind'
import { classNames } from './class-names'

const color: Record<Category, string> = {
  trigger: 'text-category-trigger bg-category-trigger/12',
  agent: 'text-category-agent bg-category-agent/12',
  logic: 'text-category-logic bg-category-logic/12',
  people: 'text-category-people bg-category-people/12',
  action: 'text-category-action bg-category-action/12',
  data: 'text-category-data bg-category-data/12',
  time: 'text-category-time bg-category-time/12',
}
const dimension = {
  sm: 'size-6.5 rounded-[7px] [&_svg]:size-3.75',
  md: 'size-8 rounded-[9px] [&_svg]:size-4.25',
} as const

/** An icon on the colour of a step category. */
export function Tile({
  category,
  size = 'sm',
  className,
  children,
}: {
  category: Category
  size?: keyof typeof dimension
  className?: string
  children: ReactNode
}) {
  return (
    <span
      aria-hidden
      className={classNames('grid shrink-0 place-items-center', dimension[size], color[category], className)}
    >
      {children}
    </span>
  )
}
