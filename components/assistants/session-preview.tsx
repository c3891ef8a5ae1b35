'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { IconButton } from '@/components/ui/icon-button'
import { MarkdownView } from '@/components/ui/markdown-view'
import { Segmented } from '@/components/ui/segmented'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toaster'

const formats = [
  { value: 'plain', label: 'Plain' },
  { value: 'openai-realtime', label: 'Realtime' },
  { value: 'openai-responses', label: 'Responses' },
] as const
type Format = (typeof formats)[number]['value']

/** The merged instruction, and the configuration of a session as programs get it. */
export function SessionPreview({ id, userKind }: { id: string; userKind: string | undefined }) {
  const api = useTRPC()
  const [format, setFormat] = useState<Format>('plain')
  const plain = useQuery({
    ...api.assistants.session.queryOptions({ id, userKind, format: 'plain' }),
    placeholderData: keepPreviousData,
  })
  const session = useQuery({
    ...api.assistants.session.queryOptions({ id, userKind, format }),
    placeholderData: keepPreviousData,
  })
  const failed = [plain, session].find((query) => query.isError && !query.data)
  if (failed) {
    return (
      <LoadFailed
        title="The session could not be loaded"
        error={failed.error}
        onRetry={() => void failed.refetch()}
      />
    )
  }
  if (!plain.data || !session.data) {
    return (
      <div role="status" aria-label="Loading the session" className="mt-4">
        <Skeleton className="h-96 rounded-xl" />
      </div>
    )
  }
  const { instruction } = plain.data
  const text = JSON.stringify(session.data, null, 2)
  return (
    <div className="mt-4 flex flex-col gap-5">
      <section aria-labelledby="merged-instruction" className="flex flex-col gap-2">
        <h3 id="merged-instruction" className="font-semibold">
          Instruction
        </h3>
        <div className="border-line bg-surface flex flex-col gap-2 rounded-xl border p-4">
          {typeof instruction === 'string' && instruction !== '' ? (
            <MarkdownView source={instruction} />
          ) : (
            <p className="text-ink-muted">Nothing is said to it yet.</p>
          )}
        </div>
      </section>
      <section aria-labelledby="session-config" className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h3 id="session-config" className="flex-1 font-semibold">
            Session
          </h3>
          <Segmented label="Format of the session" value={format} options={formats} onChange={setFormat} />
          <IconButton
            label="Copy the session"
            onClick={() =>
              void navigator.clipboard.writeText(text).then(
                () => toast.success('Session copied'),
                () => toast.error('The session was not copied'),
              )
            }
          >
            <Copy />
          </IconButton>
        </div>
        <p className="text-ink-faint text-xs break-all">
          <code>
            GET /api/v1/assistants/{id}/session?format={format}
            {userKind === undefined ? '' : `&userKind=${userKind}`}
          </code>
        </p>
        <pre
          tabIndex={0}
          aria-label="Session as JSON"
          className="border-line bg-surface max-h-128 overflow-auto rounded-xl border p-4 font-mono text-xs"
        >
          {text}
        </pre>
      </section>
    </div>
  )
}
