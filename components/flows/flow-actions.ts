'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { failureOf } from '@/components/api/failure'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import { downloadText } from './download'

/** What can be done with whole flows. Each says what went wrong, and ends where the person wants to be. */
export function useFlowActions() {
  const api = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const router = useRouter()
  const refresh = () => queries.invalidateQueries({ queryKey: api.flows.list.queryKey() })
  const told = (title: string) => ({
    onError: (error: unknown) => toast.error(title, { description: failureOf(error).message }),
  })

  const create = useMutation({
    mutationFn: (of: { name?: string; template?: string }) => client.flows.create.mutate(of),
    onSuccess: ({ id }) => router.push(`/flows/${id}`),
    ...told('The flow was not created'),
  })
  const bringIn = useMutation({
    mutationFn: (text: string) => client.flows.import.mutate({ text }),
    onSuccess: ({ id, problems, losses }) => {
      const notes = [
        problems.length > 0 ? `${problems.length} to fix before it can run.` : '',
        losses.length > 0 ? `${losses.length} not taken over.` : '',
      ].filter(Boolean)
      toast.success('Flow imported', { description: notes.join(' ') || undefined })
      router.push(`/flows/${id}`)
    },
  })
  const duplicate = useMutation({
    mutationFn: (id: string) => client.flows.duplicate.mutate({ id }),
    onSuccess: async () => {
      await refresh()
      toast.success('Flow duplicated')
    },
    ...told('The flow was not duplicated'),
  })
  const archive = useMutation({
    mutationFn: (id: string) => client.flows.archive.mutate({ id }),
    onSuccess: async () => {
      await refresh()
      toast.success('Flow archived')
    },
    ...told('The flow was not archived'),
  })
  const exportAs = useMutation({
    mutationFn: (of: { id: string; format: 'json' | 'text' | 'mermaid'; run?: string }) =>
      client.flows.export.query(of),
    onSuccess: ({ text, filename }) => downloadText(text, filename),
    ...told('The flow was not exported'),
  })
  return { create, bringIn, duplicate, archive, exportAs }
}
