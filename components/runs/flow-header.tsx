'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { useSession } from '@/components/session/session'
import { UserMenu } from '@/components/session/user-menu'
import { Logo } from '@/components/ui/logo'
import { segmentedStyle, segmentStyle } from '@/components/ui/segmented'

/** The bar above a flow's runs: where one is, the way back to the drawing, and what can be done here. */
export function FlowHeader({
  flow,
  name,
  place,
  children,
}: {
  flow: string
  name: string | undefined
  /** After the flow's name: the run that is open. */
  place?: ReactNode
  children?: ReactNode
}) {
  const { data: session } = useSession()
  return (
    <header className="border-line bg-surface z-20 grid h-12 shrink-0 grid-cols-[1fr_auto_1fr] items-center gap-2.5 border-b px-3">
      <div className="flex min-w-0 items-center gap-2.5">
        <Link href="/flows" aria-label="All flows" className="rounded-md">
          <Logo />
        </Link>
        <div className="text-ink-faint flex min-w-0 items-center gap-2">
          <span className="truncate max-lg:hidden">{session?.workspace?.name}</span>
          <span aria-hidden className="max-lg:hidden">
            /
          </span>
          <span className="text-ink truncate font-semibold">{name}</span>
          {place}
        </div>
      </div>
      <nav aria-label="Flow" className={segmentedStyle}>
        <Link href={`/flows/${flow}`} className={segmentStyle}>
          Build
        </Link>
        <Link href={`/flows/${flow}/runs`} aria-current="page" className={segmentStyle}>
          Runs
        </Link>
      </nav>
      <div className="flex min-w-0 items-center justify-end gap-1.5">
        {children}
        <UserMenu />
      </div>
    </header>
  )
}
