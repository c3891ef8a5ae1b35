'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, useTRPCClient, type ApiOutput } from '@/components/api/trpc'
import { usePageTitle } from '@/components/session/page-title'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { kinds } from '@/nodes/definitions'
import { createEditMemory } from './edit-memory'
import { Editor } from './editor'
import { EditorSkeleton } from './editor-skeleton'
import { createEditorStore, type EditorStore } from './editor-store'
import { thisTab } from './this-tab'

/** Loads a flow and opens the editor on it. */
export function OpenFlow({ id }: { id: string }) {
  const api = useTRPC()
  // Once: from then on the editor's store is the newest version there is.
  const flow = useQuery({
    ...api.flows.get.queryOptions({ id }),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  if (flow.data) return <Opened key={id} id={id} flow={flow.data} />
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

function Opened({ id, flow }: { id: string; flow: ApiOutput['flows']['get'] }) {
  const api = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const [store, setStore] = useState<EditorStore | null>(null)
  usePageTitle(flow.document.name || id)

  useEffect(() => {
    const made = createEditorStore({
      flow: {
        flowId: id,
        document: flow.document,
        revision: flow.revision,
        liveVersion: flow.liveVersion,
        draftDiffers: flow.draftDiffers,
      },
      kinds,
      save: (document, revision) => client.flows.save.mutate({ id, document, revision }),
      memory: createEditMemory(id, sessionStorage, localStorage, thisTab()),
    })
    const leave = () => made.leave()
    const retry = () => void made.flush()
    window.addEventListener('pagehide', leave)
    window.addEventListener('online', retry)
    setStore(made)
    return () => {
      window.removeEventListener('pagehide', leave)
      window.removeEventListener('online', retry)
      made.close()
      // Stale for the next page that asks; asking now would be for nobody.
      void queries.invalidateQueries({ queryKey: api.flows.pathKey(), refetchType: 'none' })
    }
  }, [id, flow, client, queries, api])

  return store ? <Editor store={store} /> : <EditorSkeleton />
}
