import type { ReactNode } from 'react'
import { classNames } from './class-names'

/** One sentence that teaches and the one button that matters. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  className,
}: {
  icon?: ReactNode
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={classNames('flex flex-col items-center gap-2 px-6 py-10 text-center', className)}>
      {icon && <div className="text-ink-faint mb-1 [&_svg]:size-6">{icon}</div>}
      <p className="text-md font-semibold">{title}</p>
      {children && <p className="text-ink-muted max-w-sm text-base">{children}</p>}
      {action && <div className="mt-2 flex gap-2">{action}</div>}
    </div>
  )
}
