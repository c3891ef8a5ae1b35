'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { classNames } from '@/components/ui/class-names'
import { Logo } from '@/components/ui/logo'
import { segmentedStyle, segmentStyle } from '@/components/ui/segmented'
import { useSession } from './session'
import { UserMenu } from './user-menu'

const places = [
  { href: '/flows', label: 'Flows' },
  { href: '/templates', label: 'Templates' },
  { href: '/knowledge', label: 'Knowledge' },
  { href: '/assistants', label: 'Assistants' },
  { href: '/settings', label: 'Settings' },
]

/** The bar above the pages that belong to no one flow. */
export function AppHeader() {
  const path = usePathname()
  const { data: session } = useSession()
  const nav = useRef<HTMLElement>(null)
  // On a phone the places are more than there is room for: the one that is open stays in sight.
  useEffect(() => {
    nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [path])
  return (
    <header className="border-line bg-surface sticky top-0 z-20 grid h-12 grid-cols-[auto_minmax(0,auto)_auto] items-center justify-between gap-2.5 border-b px-3 sm:grid-cols-[1fr_minmax(0,auto)_1fr]">
      <div className="flex min-w-0 items-center gap-2.5">
        <Link href="/flows" aria-label="Millrace, all flows" className="rounded-md">
          <Logo />
        </Link>
        <span className="hidden truncate font-semibold sm:inline">{session?.workspace?.name}</span>
      </div>
      <nav ref={nav} aria-label="Places" className={classNames(segmentedStyle, 'min-w-0 overflow-x-auto')}>
        {places.map(({ href, label }) => (
          <Link
            key={href}
            href={href}
            aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}
            className={classNames(segmentStyle)}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className="flex justify-end">
        <UserMenu />
      </div>
    </header>
  )
}
