import { useId, type ReactNode } from 'react'

/** A label above a control, with help or an error below it. The child gets the id and the description's id. */
export function Field({
  label,
  help,
  error,
  aside,
  children,
}: {
  label: ReactNode
  help?: ReactNode
  error?: ReactNode
  /** At the right end of the label's line. */
  aside?: ReactNode
  children: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ReactNode
}) {
  const id = useId()
  const describedBy = error || help ? `${id}-about` : undefined
  return (
    <div className="flex flex-col gap-1.5">
      <div className="text-ink-muted flex items-center justify-between gap-2 text-xs">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children({ id, describedBy, invalid: Boolean(error) })}
      {(error || help) && (
        <p
          id={describedBy}
          className={error ? 'text-status-failed text-xs' : 'text-ink-faint text-xs'}
          role={error ? 'alert' : undefined}
        >
          {error || help}
        </p>
      )}
    </div>
  )
}
