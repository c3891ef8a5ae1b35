'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useEffect } from 'react'
import dynamic from 'next/dynamic'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { EditorSkeleton } from './editor-skeleton'

// The editor's code comes beside the flow's data, not before it is asked for.
const loadEditor = () => import('./opened-flow')
const OpenedFlow = dynamic(async () => (await loadEditor()).OpenedFlow, { loading: EditorSkeleton })

/** Loads a flow and opens the editor on it. */
export function OpenFlow({ id }: { id: string }) {
  const api = useTRPC()
  useEffect(() => void loadEditor(), [])
  // Once: from then on the editor's store is the newest version there is.
  const flow = useQuery({
    ...api.flows.get.queryOptions({ id }),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  if (flow.data) return <OpenedFlow key={id} id={id} flow={flow.data} />
  if (flow.isPending) return <EditorSkeleton />
  const { code, message } = failureOf(flow.error)
  return (
    <EmptyState
      className="h-full justify-center"
      title={code === 'NOT_FOUND' ? 'There is no such flow' : 'The flow could not be opened'}
      action={
        <>
          <Button asChild>
            <Link href="/flows">All flows</Link>
          </Button>
          {code !== 'NOT_FOUND' && (
            <Button variant="primary" onClick={() => void flow.refetch()}>
              Try again
            </Button>
          )}
        </>
      }
    >
      {message}
    </EmptyState>
  )
}
