'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, Copy, Link2, MessagesSquare, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { useNow } from '@/components/runs/clock'
import { agoWords } from '@/components/runs/run-words'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toaster'

type Share = ApiOutput['shares']['list'][number]

/** Makes, copies and ends links by which people without an account look at a flow, or at a flow with one run. */
export function ShareDialog({
  flowId,
  runId,
  canTalk = false,
  open,
  onOpenChange,
}: {
  flowId: string
  runId?: string
  /** The flow begins with messages. */
  canTalk?: boolean
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Share"
      description={`Anyone who has a link can use it, without an account. ${
        canTalk
          ? 'Links to the flow only show it; the one to its chat only lets them talk with what is published.'
          : 'They can look, and cannot change or run anything.'
      }`}
    >
      <Links flowId={flowId} runId={runId} canTalk={canTalk} />
    </Dialog>
  )
}

function Links({ flowId, runId, canTalk }: { flowId: string; runId: string | undefined; canTalk: boolean }) {
  const api = useTRPC()
  const queries = useQueryClient()
  const links = useQuery(api.shares.list.queryOptions({ flow: flowId }))
  const [made, setMade] = useState<string | null>(null)
  const refresh = () => queries.invalidateQueries({ queryKey: api.shares.list.queryKey({ flow: flowId }) })
  const create = useMutation(
    api.shares.create.mutationOptions({
      onSuccess: async ({ token }) => {
        setMade(token)
        await refresh()
      },
      onError: (error) => toast.error('No link was made', { description: failureOf(error).message }),
    }),
  )
  const revoke = useMutation(
    api.shares.revoke.mutationOptions({
      onSuccess: refresh,
      onError: (error) => toast.error('The link still works', { description: failureOf(error).message }),
    }),
  )
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap gap-2">
        {runId && (
          <Button
            variant="primary"
            disabled={create.isPending}
            onClick={() => create.mutate({ flow: flowId, run: runId })}
          >
            <Link2 /> Link to this run
          </Button>
        )}
        <Button
          variant={runId ? 'outline' : 'primary'}
          disabled={create.isPending}
          onClick={() => create.mutate({ flow: flowId })}
        >
          <Link2 /> Link to the flow
        </Button>
        {canTalk && (
          <Button disabled={create.isPending} onClick={() => create.mutate({ flow: flowId, kind: 'chat' })}>
            <MessagesSquare /> Link to its chat
          </Button>
        )}
      </div>
      {links.isError ? (
        <p role="alert" className="text-status-failed">
          The links could not be loaded. {failureOf(links.error).message}
        </p>
      ) : !links.data ? (
        <Skeleton className="h-16" />
      ) : (
        links.data.length > 0 && (
          <ul aria-label="Links" className="flex flex-col gap-3">
            {links.data.map((share) => (
              <LinkRow
                key={share.token}
                share={share}
                isNew={share.token === made}
                isBusy={revoke.isPending}
                onRevoke={() => revoke.mutate({ token: share.token })}
              />
            ))}
          </ul>
        )
      )}
    </div>
  )
}

function LinkRow({
  share,
  isNew,
  isBusy,
  onRevoke,
}: {
  share: Share
  isNew: boolean
  isBusy: boolean
  onRevoke: () => void
}) {
  const nowMs = useNow(true, 30_000)
  const [isCopied, setCopied] = useState(false)
  const what = share.kind === 'chat' ? 'Chat' : share.run ? 'Flow with a run' : 'Flow'
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => toast.error('The browser did not allow copying. Select the link and copy it by hand.'),
    )
  return (
    <li className="flex flex-col gap-1">
      <p className="text-ink-faint text-xs">
        {what}, made {agoWords(share.createdAt, nowMs)}
      </p>
      <div className="flex gap-1.5">
        <Input
          readOnly
          autoFocus={isNew}
          value={share.url}
          aria-label={`Link, ${what.toLowerCase()}`}
          className="min-w-0 flex-1 font-mono text-xs"
          onFocus={(event) => event.target.select()}
        />
        <Button onClick={() => void copy(share.url)}>
          {isCopied ? <Check /> : <Copy />} {isCopied ? 'Copied' : 'Copy'}
        </Button>
        <IconButton label="Revoke this link" size="md" disabled={isBusy} onClick={onRevoke}>
          <Trash2 />
        </IconButton>
      </div>
      {share.kind === 'chat' && (
        <details className="text-ink-muted text-xs">
          <summary className="cursor-pointer rounded-xs">Put it on your own page</summary>
          <p className="mt-1">Paste this into the page, before its end:</p>
          <pre tabIndex={0} className="bg-ink/6 mt-1 overflow-x-auto rounded-sm p-2 font-mono">
            {embedLine(share)}
          </pre>
        </details>
      )}
    </li>
  )
}

/** What puts the chat on any page. */
function embedLine({ url, token }: Share): string {
  return `<script src="${new URL('/embed.js', url).href}" data-chat="${token}" defer></script>`
}
