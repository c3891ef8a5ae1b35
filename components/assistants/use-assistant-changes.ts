'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { failureOf } from '@/components/api/failure'
import { useTRPC, useTRPCClient, type ApiOutput } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'

export type Assistant = ApiOutput['assistants']['get']

type FlowChange = { active?: boolean; userKinds?: string[] }
type SettingsChange = Partial<Pick<Assistant, 'name' | 'instruction' | 'model' | 'voiceModel' | 'voice'>>

/** What can be changed of an assistant. Each is seen at once, one after the other stored, and taken back when it was refused. */
export function useAssistantChanges(id: string) {
  const api = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const queryKey = api.assistants.get.queryKey({ id })
  // What follows from an assistant, its card in the list included.
  const settle = () => queries.invalidateQueries({ queryKey: api.assistants.pathKey() })
  const scope = { id: `assistant ${id}` }

  function showing<C>(title: string, change: (assistant: Assistant, by: C) => Assistant) {
    return {
      scope,
      onMutate: async (by: C) => {
        queries.setQueryData(queryKey, (assistant) => assistant && change(assistant, by))
        await queries.cancelQueries({ queryKey }, { revert: false })
      },
      onError: (error: unknown) => toast.error(title, { description: failureOf(error).message }),
      onSettled: settle,
    }
  }

  const change = useMutation({
    mutationFn: (settings: SettingsChange) => client.assistants.change.mutate({ id, change: settings }),
    ...showing('The assistant was not changed', (assistant, settings: SettingsChange) => ({
      ...assistant,
      ...settings,
    })),
  })
  const turnFlow = useMutation({
    mutationFn: ({ flow, change }: { flow: string; change: FlowChange }) =>
      client.assistants.turnFlow.mutate({ id, flow, change }),
    ...showing(
      'The flow was not switched',
      (assistant, { flow, change }: { flow: string; change: FlowChange }) => ({
        ...assistant,
        flows: assistant.flows.map((each) => (each.flow === flow ? { ...each, ...change } : each)),
      }),
    ),
  })
  const takeFlowOut = useMutation({
    mutationFn: (flow: string) => client.assistants.takeFlowOut.mutate({ id, flow }),
    ...showing('The flow was not taken out', (assistant, flow: string) => ({
      ...assistant,
      flows: assistant.flows.filter((each) => each.flow !== flow),
    })),
  })
  return { change, turnFlow, takeFlowOut }
}
