'use client'

import { hashKey, useQueryClient } from '@tanstack/react-query'
import { CloudOff } from 'lucide-react'
import { useEffect } from 'react'
import { isOffline } from '@/components/api/client'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { useSession } from './session'

/** Any call that fails because the server or its database is away is reason to look at once. */
function useLookWhenCallsFail(): void {
  const api = useTRPC()
  const queries = useQueryClient()
  useEffect(() => {
    const queryKey = api.session.get.queryKey()
    const look = (error: unknown) => {
      const { code } = failureOf(error)
      if (code === 'offline' || code === 'SERVICE_UNAVAILABLE') void queries.invalidateQueries({ queryKey })
    }
    const ends = [
      queries.getQueryCache().subscribe((event) => {
        const isOurs = event.query.queryHash === hashKey(queryKey)
        if (!isOurs && event.type === 'updated' && event.action.type === 'error') look(event.action.error)
      }),
      queries.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error') look(event.action.error)
      }),
    ]
    return () => ends.forEach((end) => end())
  }, [api, queries])
}

/** Says what is wrong with the server for as long as it is; goes away by itself. */
export function AwayBanner() {
  const { data, error, refetch, isFetching } = useSession()
  useLookWhenCallsFail()
  const message = error
    ? isOffline(error)
      ? 'The server cannot be reached. Nothing is lost; this page goes on when it is back.'
      : error.message
    : (data?.problems[0] ?? null)
  if (!message) return null
  return (
    <div
      role="status"
      className="border-status-waiting/50 bg-status-waiting-soft text-status-waiting shadow-pop fixed top-14 left-1/2 z-50 flex max-w-[calc(100vw-2rem)] -translate-x-1/2 items-center gap-2.5 rounded-full border py-1.5 pr-2 pl-4 text-sm"
    >
      <CloudOff aria-hidden className="size-4 shrink-0" />
      {message}
      <Button size="xs" className="rounded-full" disabled={isFetching} onClick={() => void refetch()}>
        Try now
      </Button>
    </div>
  )
}
