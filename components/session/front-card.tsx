import type { ReactNode } from 'react'
import { Logo } from '@/components/ui/logo'

/** The calm sheet of pages outside the workspace: setting up, signing in, what went wrong. */
export function FrontCard({
  title,
  children,
  intro,
}: {
  title: string
  intro?: ReactNode
  children: ReactNode
}) {
  return (
    <main className="grid min-h-full place-items-center px-4 py-10">
      <div className="w-full max-w-sm">
        <Logo className="mx-auto mb-5 size-9 rounded-[10px]" />
        <div className="border-line bg-surface shadow-soft rounded-2xl border p-6">
          <h1 className="text-lg font-semibold">{title}</h1>
          {intro && <p className="text-ink-muted mt-1">{intro}</p>}
          <div className="mt-5">{children}</div>
        </div>
      </div>
    </main>
  )
}
