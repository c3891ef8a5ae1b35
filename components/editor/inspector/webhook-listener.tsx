'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Radio } from 'lucide-react'
import { useEffect, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { useNow } from '@/components/runs/clock'
import { showRun } from '@/components/runs/test-run'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toaster'
import type { FlowNode } from '@/flow/document'
import { useEditor } from '../editor-store'
import { CopyField } from './copy-field'
import { hookCallOf } from './curl-line'

interface Listening {
  path: string
  untilMs: number
  /** The newest run when it began: what comes after it is what it waits for. */
  after: number
}

/** Listens for calls of the draft: they come to an address of their own, and each run opens on the canvas. */
export function WebhookListener({ node }: { node: FlowNode }) {
  const flow = useEditor((state) => state.document.id)
  const api = useTRPC()
  const [listening, setListening] = useState<Listening | null>(null)
  const nowMs = useNow(listening !== null, 1_000)
  const isOn = listening !== null && nowMs < listening.untilMs
  const newest = useQuery({
    ...api.runs.list.queryOptions({ flow, limit: 1 }),
    enabled: isOn,
    refetchInterval: 1_000,
    staleTime: 0,
  })
  const listen = useMutation(
    api.hooks.listen.mutationOptions({
      onError: (error) => toast.error('Nothing listens', { description: failureOf(error).message }),
    }),
  )
  async function begin() {
    const [{ data }, { path, until }] = await Promise.all([
      newest.refetch(),
      listen.mutateAsync({ flow, node: node.id }),
    ])
    setListening({ path, untilMs: Date.parse(until), after: data?.items[0]?.number ?? 0 })
  }

  const run = newest.data?.items[0]
  const arrived =
    isOn && run && run.number > listening.after && run.cause === 'webhook' && run.version === null
      ? run
      : null
  useEffect(() => {
    if (!arrived) return
    showRun(arrived.id)
    setListening((before) => before && { ...before, after: arrived.number })
  }, [arrived])

  if (!isOn) {
    return (
      <Button
        size="sm"
        className="self-start"
        disabled={listen.isPending}
        onClick={() => void begin().catch(() => undefined)}
      >
        <Radio /> Listen for a test call
      </Button>
    )
  }
  const address = `${window.location.origin}${listening.path}`
  return (
    <div className="border-line flex flex-col gap-3 border-t pt-3">
      <p role="status" className="text-ink">
        Listening. Call this address, and the draft runs here on the canvas.
      </p>
      <CopyField label="Address for a test" text={address} />
      <CopyField
        label="Test it from a shell"
        text={hookCallOf(node.config, window.location.origin, address)?.curl ?? ''}
        isLong
      />
      <Button size="sm" className="self-start" onClick={() => setListening(null)}>
        Stop listening
      </Button>
    </div>
  )
}
