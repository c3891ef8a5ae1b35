'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { AppHeader } from '@/components/session/app-header'

/** The settings of a workspace, in the order of the menu. */
const sections = [
  { href: '/settings/models', label: 'Models' },
  { href: '/settings/usage', label: 'Usage and cost' },
  { href: '/settings/mcp-servers', label: 'MCP servers' },
  { href: '/settings/secrets', label: 'Secrets' },
  { href: '/settings/variables', label: 'Variables' },
]

/** The frame of all settings: a menu beside, one section at a time. */
export function SettingsShell({ children }: { children: ReactNode }) {
  const path = usePathname()
  return (
    <div className="flex min-h-full flex-col">
      <AppHeader />
      <div className="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-x-10 gap-y-5 px-5 py-7 md:flex-row">
        <nav aria-label="Settings" className="flex shrink-0 gap-0.5 overflow-x-auto md:w-44 md:flex-col">
          {sections.map(({ href, label }) => (
            <Link
              key={href}
              href={href}
              aria-current={path === href ? 'page' : undefined}
              className="text-ink-muted hover:bg-surface-hover hover:text-ink aria-[current=page]:bg-surface-raised aria-[current=page]:text-ink rounded-md px-2.5 py-1.5 font-medium whitespace-nowrap"
            >
              {label}
            </Link>
          ))}
        </nav>
        <main className="flex min-w-0 flex-1 flex-col gap-8">{children}</main>
      </div>
    </div>
  )
}
