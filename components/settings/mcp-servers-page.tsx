'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plug, Plus } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { toast } from '@/components/ui/toaster'
import { LoadingRows } from './loading-rows'
import { McpServerDialog } from './mcp-server-dialog'
import { McpServerRow } from './mcp-server-row'
import { RemoveDialog } from './remove-dialog'
import { listStyle, Section } from './section'
import { useMayManage } from './use-may-manage'

export type McpServer = ApiOutput['mcpServers']['list'][number]

/** Servers whose tools steps and agents may call. */
export function McpServersPage() {
  const api = useTRPC()
  const queries = useQueryClient()
  const mayManage = useMayManage()
  const servers = useQuery(api.mcpServers.list.queryOptions())
  const [editing, setEditing] = useState<{ server: McpServer | null } | null>(null)
  const [removing, setRemoving] = useState<string | null>(null)
  const changed = () => queries.invalidateQueries({ queryKey: api.mcpServers.pathKey() })
  const remove = useMutation(
    api.mcpServers.remove.mutationOptions({
      onSuccess: changed,
      onError: (error) =>
        toast.error('The server was not removed', { description: failureOf(error).message }),
      onSettled: () => setRemoving(null),
    }),
  )
  const add = mayManage && (
    <Button variant="primary" onClick={() => setEditing({ server: null })}>
      <Plus /> Add a server
    </Button>
  )
  return (
    <>
      <Section
        level={1}
        title="MCP servers"
        about="Servers that speak the Model Context Protocol. The step MCP tool and agents call their tools."
        action={servers.data && servers.data.length > 0 ? add : undefined}
      >
        {servers.isError ? (
          <LoadFailed
            title="The servers could not be loaded"
            error={servers.error}
            onRetry={() => void servers.refetch()}
          />
        ) : !servers.data ? (
          <LoadingRows label="Loading servers" />
        ) : servers.data.length === 0 ? (
          <div className={listStyle}>
            <EmptyState icon={<Plug />} title="No server yet" action={add || undefined}>
              Many programs offer their work as tools this way. Give the address of one, and flows can use it.
            </EmptyState>
          </div>
        ) : (
          <ul className={listStyle}>
            {servers.data.map((server) => (
              <McpServerRow
                key={server.name}
                server={server}
                mayManage={mayManage}
                onEdit={() => setEditing({ server })}
                onRemove={() => setRemoving(server.name)}
              />
            ))}
          </ul>
        )}
      </Section>
      {editing && (
        <McpServerDialog
          server={editing.server}
          taken={servers.data?.map(({ name }) => name) ?? []}
          onClose={() => setEditing(null)}
          onStored={() => void changed()}
        />
      )}
      <RemoveDialog
        name={removing}
        consequence="Steps and agents that call its tools fail from then on."
        isBusy={remove.isPending}
        onCancel={() => setRemoving(null)}
        onRemove={(name) => remove.mutate({ name })}
      />
    </>
  )
}
