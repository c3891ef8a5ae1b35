'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import { isTerminal } from '@/flow/run/event'
import { useRunStore, type RunView } from './run-store'

/** Lets the opened run go on after it failed or was cancelled, and follows it. Why it did not is told to the person. */
export function useContinue() {
  const store = useRunStore()
  const api = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const [isContinuing, setContinuing] = useState(false)

  /** `from`: a step, else what failed. `version`: the one that it ran, or the draft as it is stored. */
  async function continueRun(from: string | undefined, version?: 'draft'): Promise<boolean> {
    const id = store.getState().runId
    if (id === null || isContinuing) return false
    setContinuing(true)
    try {
      await client.runs.continue.mutate({ id, ...(from ? { from } : {}), ...(version ? { version } : {}) })
      // What runs may be another version from here on.
      queries.setQueryData(api.runs.get.queryKey({ id }), await client.runs.get.query({ id }))
      if (store.getState().runId === id) store.resume()
      void queries.invalidateQueries({ queryKey: api.runs.list.pathKey() })
      return true
    } catch (error) {
      const { message, problems } = failureOf(error)
      const first = problems[0]?.message
      const description = first && first !== message ? `${message} ${first}` : message
      toast.error('The run was not continued', { description })
      return false
    } finally {
      setContinuing(false)
    }
  }

  return { continueRun, isContinuing }
}

/** Whether the opened run has ended in a way that it can go on after. */
export function canContinue({ latest }: Pick<RunView, 'latest'>): boolean {
  return latest !== null && isTerminal(latest.status) && latest.status !== 'completed'
}
