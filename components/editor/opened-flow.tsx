'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTRPC, useTRPCClient, type ApiOutput } from '@/components/api/trpc'
import { kinds } from '@/nodes/definitions'
import { createEditMemory } from './edit-memory'
import { Editor } from './editor'
import { EditorSkeleton } from './editor-skeleton'
import { createEditorStore, type EditorStore } from './editor-store'
import { thisTab } from './this-tab'

/** The editor on a flow as it came from the server. */
export function OpenedFlow({ id, flow }: { id: string; flow: ApiOutput['flows']['get'] }) {
  const api = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const [store, setStore] = useState<EditorStore | null>(null)

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
