'use client'

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import type { Json } from '@/flow/json'
import type { StepId } from '@/flow/run/step-id'
import { useRunView } from './run-store'

/** Gives a waiting step of the opened run its answer. Stays `isSending` until the run has taken it. */
export function useAnswer(step: StepId) {
  const runId = useRunView((view) => view.runId)
  const heard = useRunView((view) => view.latest?.steps.get(step)?.resolutions.length ?? 0)
  /** How many answers there were when ours was sent: with ours taken there are more, and another vote may be given. */
  const [sentAt, setSentAt] = useState<number | null>(null)
  const api = useTRPC()
  const mutation = useMutation(
    api.runs.answer.mutationOptions({
      onError: (error) => toast.error('The answer was not taken', { description: failureOf(error).message }),
    }),
  )
  return {
    isSending: mutation.isPending || (mutation.isSuccess && sentAt === heard),
    send(answer: Json) {
      if (!runId) return
      setSentAt(heard)
      mutation.mutate({ id: runId, step, answer })
    },
  }
}

const words: Record<string, string> = { approved: 'Approve', rejected: 'Reject' }

/** What the button of a choice says. */
export function choiceWords(choice: string): string {
  const known = words[choice] ?? choice.replace(/_/g, ' ')
  return known.charAt(0).toUpperCase() + known.slice(1)
}

/** An answer that picks one of the offered choices. */
export function choiceAnswer(choice: string, comment: string): Json {
  return comment.trim() === '' ? { decision: choice } : { decision: choice, comment: comment.trim() }
}
