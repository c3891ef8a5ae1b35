'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { createContext, useContext, useMemo } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import type { EditorStore } from './editor-store'

type ExportFormat = 'json' | 'text' | 'mermaid'

/** What is done to the flow as a whole, with the server's help. Failures are told to the person, never thrown. */
export interface FlowActions {
  download(format: ExportFormat): Promise<void>
  duplicate(): Promise<void>
  archive(): Promise<void>
  /** True when it was published. */
  publish(note: string): Promise<boolean>
  /** Opens what was made of the text as a new flow. */
  importText(text: string): Promise<boolean>
  go(path: string): void
  goToRuns(): void
}

export function useMadeFlowActions(editor: EditorStore): FlowActions {
  const client = useTRPCClient()
  const api = useTRPC()
  const queries = useQueryClient()
  const router = useRouter()
  return useMemo(() => {
    const id = editor.getState().flowId
    async function told<T>(what: string, action: () => Promise<T>): Promise<T | null> {
      try {
        return await action()
      } catch (error) {
        const { message, problems } = failureOf(error)
        const first = problems[0]?.message
        toast.error(what, { description: first && first !== message ? `${message} ${first}` : message })
        return null
      }
    }
    const listChanged = () => queries.invalidateQueries({ queryKey: api.flows.list.queryKey() })
    return {
      async download(format) {
        await editor.flush()
        const file = await told('The flow was not exported', () => client.flows.export.query({ id, format }))
        if (file) downloadText(file.text, file.filename)
      },
      async duplicate() {
        await editor.flush()
        const copy = await told('The flow was not duplicated', () => client.flows.duplicate.mutate({ id }))
        if (!copy) return
        await listChanged()
        router.push(`/flows/${copy.id}`)
      },
      async archive() {
        const done = await told('The flow was not archived', async () => {
          await client.flows.archive.mutate({ id })
          return true
        })
        if (!done) return
        await listChanged()
        toast('Archived', { description: `${editor.getState().document.name} is out of the list.` })
        router.push('/flows')
      },
      async publish(note) {
        if (!(await editor.flush())) {
          toast.error('Not published', { description: 'The draft could not be saved first.' })
          return false
        }
        const made = await told('Not published', () =>
          client.flows.publish.mutate({ id, ...(note ? { note } : {}) }),
        )
        if (!made) return false
        editor.published(made.version)
        void listChanged()
        toast.success(`Version ${made.version} is live`)
        return true
      },
      async importText(text) {
        const made = await told('This is not a flow', () => client.flows.import.mutate({ text }))
        if (!made) return false
        const lost = made.losses.length
        if (lost > 0) toast(`Imported; ${lost} ${lost === 1 ? 'part has' : 'parts have'} no place here`)
        await listChanged()
        router.push(`/flows/${made.id}`)
        return true
      },
      go: (path) => router.push(path),
      goToRuns: () => router.push(`/flows/${id}/runs`),
    }
  }, [client, api, queries, router, editor])
}

function downloadText(text: string, filename: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = filename
  link.click()
  URL.revokeObjectURL(link.href)
}

const FlowActionsContext = createContext<FlowActions | null>(null)
export const FlowActionsProvider = FlowActionsContext.Provider

export function useFlowActions(): FlowActions {
  const actions = useContext(FlowActionsContext)
  if (!actions) throw new Error('No editor here: wrap the component in a FlowActionsProvider.')
  return actions
}
