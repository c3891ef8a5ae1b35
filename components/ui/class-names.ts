import { clsx, type ClassValue } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

const merge = extendTailwindMerge({
  extend: { theme: { text: ['2xs', 'md'], shadow: ['soft', 'pop'] } },
})

/** Joins class names; of two utilities for the same property the later one wins. */
export function classNames(...values: ClassValue[]): string {
  return merge(clsx(values))
}
