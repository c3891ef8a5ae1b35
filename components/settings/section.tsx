import { useId, type ReactNode } from 'react'

/** One matter of the settings: what it is called, what it is good for, and the thing itself. */
export function Section({
  title,
  about,
  action,
  level = 2,
  children,
}: {
  title: string
  about?: ReactNode
  /** At the right end of the title's line. */
  action?: ReactNode
  /** 1: of the page itself. */
  level?: 1 | 2
  children: ReactNode
}) {
  const id = useId()
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <Heading id={id} className={level === 1 ? 'text-xl font-semibold' : 'text-md font-semibold'}>
            {title}
          </Heading>
          {about && <p className="text-ink-muted mt-1 max-w-prose">{about}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

export const listStyle = 'border-line bg-surface divide-line divide-y overflow-hidden rounded-xl border'
export const rowStyle = 'flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3'
