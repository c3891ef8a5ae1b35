'use client'

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Field } from '@/components/ui/field'
import { FormDialog } from '@/components/ui/form-dialog'
import { Input } from '@/components/ui/input'
import { HeaderFields } from './header-fields'
import { headersOf, headersProblem, storedRows } from './header-rows'
import type { McpServer } from './mcp-servers-page'

/** A new server, or the address and headers of one that is there. */
export function McpServerDialog({
  server,
  taken,
  onClose,
  onStored,
}: {
  /** Null: a new one. */
  server: McpServer | null
  /** Names that are used already. */
  taken: readonly string[]
  onClose: () => void
  onStored: () => void
}) {
  const api = useTRPC()
  const [name, setName] = useState(server?.name ?? '')
  const [url, setUrl] = useState(server?.url ?? '')
  const [headers, setHeaders] = useState(() => storedRows(server?.headerNames ?? []))
  const store = useMutation(
    api.mcpServers.store.mutationOptions({
      onSuccess: () => {
        onStored()
        onClose()
      },
    }),
  )
  const isTaken = server === null && taken.includes(name.trim())
  return (
    <FormDialog
      title={server ? `Edit ${server.name}` : 'Add a server'}
      isRefused={isTaken || headersProblem(headers) !== null}
      isBusy={store.isPending}
      problem={store.error && failureOf(store.error).message}
      onSubmit={() => store.mutate({ name: name.trim(), url: url.trim(), headers: headersOf(headers) })}
      onClose={onClose}
    >
      {server === null && (
        <Field
          label="Name"
          help="By which flows name it: letters, digits, _ and -."
          error={isTaken ? `There is a server ${name.trim()} already.` : undefined}
        >
          {({ id, describedBy, invalid }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              required
              autoFocus
              maxLength={64}
              spellCheck={false}
              className="font-mono"
              placeholder="crm"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field label="Address" help="Where it answers by Streamable HTTP.">
        {({ id, describedBy }) => (
          <Input
            id={id}
            aria-describedby={describedBy}
            type="url"
            required
            spellCheck={false}
            className="font-mono"
            placeholder="https://crm.example.com/mcp"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      <HeaderFields rows={headers} onChange={setHeaders} />
    </FormDialog>
  )
}
