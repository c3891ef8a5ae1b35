'use client'

import { useQuery } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Pill } from '@/components/ui/pill'
import type { McpServer } from './mcp-servers-page'
import { rowStyle } from './section'

/** A server, and on request the tools that it offers, which also shows whether it can be reached. */
export function McpServerRow({
  server: { name, url, headerNames },
  mayManage,
  onEdit,
  onRemove,
}: {
  server: McpServer
  mayManage: boolean
  onEdit: () => void
  onRemove: () => void
}) {
  const api = useTRPC()
  const [isAsked, setAsked] = useState(false)
  const tools = useQuery({
    ...api.mcpServers.tools.queryOptions({ name }),
    enabled: isAsked,
    retry: false,
    staleTime: 0,
  })
  const ask = () => (isAsked ? void tools.refetch() : setAsked(true))
  return (
    <li className={rowStyle}>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-mono font-medium">{name}</span>
          {headerNames.map((header) => (
            <Pill key={header}>{header} stored</Pill>
          ))}
        </p>
        <p className="text-ink-muted mt-0.5 truncate text-sm">{url}</p>
      </div>
      <div className="flex gap-1.5">
        <Button disabled={tools.isFetching} aria-label={`Show the tools of ${name}`} onClick={ask}>
          {tools.isFetching ? 'Asking…' : tools.data ? 'Ask again' : 'Show tools'}
        </Button>
        {mayManage && (
          <>
            <Button aria-label={`Edit ${name}`} onClick={onEdit}>
              Edit
            </Button>
            <Button variant="ghost" aria-label={`Remove ${name}`} onClick={onRemove}>
              Remove
            </Button>
          </>
        )}
      </div>
      <div role="status" className="w-full empty:hidden">
        {tools.isError && !tools.isFetching ? (
          <p className="text-status-failed flex items-start gap-1.5 text-sm">
            <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
            <span className="min-w-0 break-words">{failureOf(tools.error).message}</span>
          </p>
        ) : tools.data?.length === 0 ? (
          <p className="text-ink-muted text-sm">It offers no tools.</p>
        ) : tools.data ? (
          <ul
            aria-label={`Tools of ${name}`}
            className="flex max-h-72 flex-col gap-1 overflow-y-auto text-sm"
          >
            {tools.data.map((tool) => (
              <li key={tool.name} className="flex flex-wrap gap-x-2">
                <span className="font-mono">{tool.name}</span>
                <span className="text-ink-muted min-w-0 flex-1">{tool.description}</span>
                {tool.effect === 'idempotent' && <Pill>safe to call twice</Pill>}
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </li>
  )
}
