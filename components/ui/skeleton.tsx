import { classNames } from './class-names'

/** Stands where something will be, in its shape. Invisible for its first 400 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-shimmer bg-surface-hover rounded-sm', className)} />
}
