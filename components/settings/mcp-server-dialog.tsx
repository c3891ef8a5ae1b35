'use client'

import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { McpServer } from './mcp-servers-page'

/** A new server, or the address and header of one that is there. */
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
  const form = useId()
  const [name, setName] = useState(server?.name ?? '')
  const [url, setUrl] = useState(server?.url ?? '')
  const [header, setHeader] = useState(server?.headerNames[0] ?? 'Authorization')
  const [value, setValue] = useState('')
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
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={server ? `Edit ${server.name}` : 'Add a server'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" disabled={store.isPending || isTaken}>
            {store.isPending ? 'Storing…' : 'Store'}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const headers = value === '' ? undefined : { [header.trim()]: value }
          store.mutate({ name: name.trim(), url: url.trim(), headers })
        }}
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
        <div className="grid gap-4 sm:grid-cols-[10rem_1fr]">
          <Field label="Header">
            {({ id }) => (
              <Input
                id={id}
                required={value !== ''}
                spellCheck={false}
                className="font-mono"
                value={header}
                onChange={(event) => setHeader(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Its value"
            help={
              server && server.headerNames.length > 0
                ? 'Stored. Leave it empty to keep it; another host does not get it.'
                : 'Such as Bearer and a key. Never shown again. Empty when it needs none.'
            }
          >
            {({ id, describedBy }) => (
              <Input
                id={id}
                aria-describedby={describedBy}
                type="password"
                autoComplete="off"
                value={value}
                onChange={(event) => setValue(event.target.value)}
              />
            )}
          </Field>
        </div>
        {store.error ? (
          <p role="alert" className="text-status-failed text-sm">
            {failureOf(store.error).message}
          </p>
        ) : null}
      </form>
    </Dialog>
  )
}
