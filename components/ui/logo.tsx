import { classNames } from './class-names'

/** The product's mark. */
export function Logo({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={classNames('bg-ink grid size-6.5 shrink-0 place-items-center rounded-[7px]', className)}
    >
      <svg viewBox="0 0 16 16" className="stroke-surface size-4 fill-none stroke-[1.8]" strokeLinecap="round">
        <path d="M1.5 5c2-2 4-2 6.5 0s4.5 2 6.5 0M1.5 11c2-2 4-2 6.5 0s4.5 2 6.5 0" />
      </svg>
    </span>
  )
}
