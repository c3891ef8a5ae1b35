'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTRPC } from '@/components/api/trpc'

/** Often enough to see the database come back, seldom enough to cost nothing. */
const lookEveryMs = 15_000
const lookEveryWhileAwayMs = 3_000

/** Who is here, in which workspace, and what is wrong with the server. Asked again while something is. */
export function useSession() {
  const api = useTRPC()
  return useQuery({
    ...api.session.get.queryOptions(),
    refetchInterval: (query) => {
      const isAway = query.state.status === 'error' || (query.state.data?.problems.length ?? 0) > 0
      return isAway ? lookEveryWhileAwayMs : lookEveryMs
    },
    retry: false,
  })
}

export function useSignOut(): () => Promise<void> {
  const router = useRouter()
  const queries = useQueryClient()
  return async () => {
    const { authClient } = await import('./auth-client')
    await authClient.signOut()
    queries.clear()
    router.replace('/sign-in')
  }
}

/** Where to go after signing in: a path of this site, never another one. */
export function safeNext(next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/flows'
}
