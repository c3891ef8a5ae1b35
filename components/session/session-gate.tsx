'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { Suspense, useEffect, type ReactNode } from 'react'
import { AwayBanner } from './away-banner'
import { useSession } from './session'

/** Shows its children to people who are signed in; sends others to set up or sign in, and back afterwards. */
export function SessionGate({ children }: { children: ReactNode }) {
  return (
    <Suspense>
      <Gate>{children}</Gate>
    </Suspense>
  )
}

function Gate({ children }: { children: ReactNode }) {
  const router = useRouter()
  const path = usePathname()
  const query = useSearchParams().toString()
  const { data: session } = useSession()
  const isAway = (session?.problems.length ?? 0) > 0
  const elsewhere =
    !session || session.user || isAway
      ? null
      : session.setupNeeded
        ? '/setup'
        : `/sign-in?next=${encodeURIComponent(query ? `${path}?${query}` : path)}`
  useEffect(() => {
    if (elsewhere) router.replace(elsewhere)
  }, [router, elsewhere])
  return (
    <>
      <AwayBanner />
      {elsewhere === null && children}
    </>
  )
}
