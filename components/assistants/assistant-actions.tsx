'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toaster'
import type { Assistant } from './use-assistant-changes'

/** What can be done with a whole assistant. */
export function AssistantActions({ assistant }: { assistant: Assistant }) {
  const api = useTRPC()
  const queries = useQueryClient()
  const router = useRouter()
  const [isAsking, setAsking] = useState(false)
  const remove = useMutation({
    ...api.assistants.remove.mutationOptions(),
    onSuccess: async () => {
      router.push('/assistants')
      await queries.invalidateQueries({ queryKey: api.assistants.list.queryKey() })
    },
    onError: (error) =>
      toast.error('The assistant was not removed', { description: failureOf(error).message }),
  })
  return (
    <>
      <Button variant="ghost" onClick={() => setAsking(true)}>
        <Trash2 /> Remove
      </Button>
      <Dialog
        open={isAsking}
        onOpenChange={setAsking}
        size="sm"
        title={`Remove “${assistant.name}”?`}
        description="Programs that talk through it can no longer do so. Its flows and their runs stay."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button
              variant="danger"
              disabled={remove.isPending || remove.isSuccess}
              onClick={() => remove.mutate({ id: assistant.id })}
            >
              Remove
            </Button>
          </>
        }
      />
    </>
  )
}
