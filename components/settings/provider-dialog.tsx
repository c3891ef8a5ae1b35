'use client'

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Field } from '@/components/ui/field'
import { FormDialog } from '@/components/ui/form-dialog'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { Provider } from './models-page'
import { kindWords } from './provider-row'

const kinds = (['openai', 'anthropic', 'google', 'compatible'] as const).map((kind) => ({
  value: kind,
  label: kindWords[kind],
}))

/** Where the companies answer themselves; for a server an example. */
const usualAddresses: Record<Provider['kind'], string> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  compatible: 'http://localhost:11434/v1',
}

/** A new provider, or the address and key of one that is there. */
export function ProviderDialog({
  provider,
  taken,
  onClose,
  onStored,
}: {
  /** Null: a new one. */
  provider: Provider | null
  /** Names that are used already. */
  taken: readonly string[]
  onClose: () => void
  onStored: () => void
}) {
  const api = useTRPC()
  const [kind, setKind] = useState<Provider['kind']>(provider?.kind ?? 'openai')
  const [name, setName] = useState(provider?.name ?? '')
  const [address, setAddress] = useState(provider?.baseUrl ?? '')
  const [key, setKey] = useState('')
  const store = useMutation(
    api.models.storeProvider.mutationOptions({
      onSuccess: () => {
        onStored()
        onClose()
      },
    }),
  )
  const isServer = kind === 'compatible'
  const usualName = isServer ? 'ollama' : kind
  const isTaken = provider === null && taken.includes(name.trim() || usualName)
  return (
    <FormDialog
      title={provider ? `Edit ${provider.name}` : 'Add a provider'}
      isRefused={isTaken}
      isBusy={store.isPending}
      problem={store.error && failureOf(store.error).message}
      onSubmit={() => {
        store.mutate({
          name: name.trim() || usualName,
          kind,
          baseUrl: address.trim() || null,
          key: key.trim() || null,
        })
      }}
      onClose={onClose}
    >
      <Field label="Kind">
        {({ id }) => (
          <Select
            id={id}
            aria-label="Kind"
            value={kind}
            options={kinds}
            onChange={setKind}
            className="w-full"
          />
        )}
      </Field>
      <Field
        label="Name"
        help={`Its models are named after it: ${name.trim() || usualName}/…`}
        error={isTaken ? 'Another provider has this name. Choose one of your own.' : undefined}
      >
        {({ id, describedBy, invalid }) => (
          <Input
            id={id}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            className="w-full font-mono"
            autoComplete="off"
            spellCheck={false}
            disabled={provider !== null}
            placeholder={usualName}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Address"
        aside={isServer ? undefined : <span className="text-ink-faint">optional</span>}
        help={
          isServer
            ? 'Where its API begins. A private address must be allowed by MILLRACE_HTTP_ALLOW when the server is started.'
            : 'Only for a gateway of your own that speaks the same: where its API begins. A private address must be allowed, as for any server.'
        }
      >
        {({ id, describedBy }) => (
          <Input
            id={id}
            aria-describedby={describedBy}
            type="url"
            className="w-full font-mono"
            autoComplete="off"
            required={isServer}
            placeholder={usualAddresses[kind]}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Key"
        aside={isServer ? <span className="text-ink-faint">optional</span> : undefined}
        help={
          provider?.hasKey
            ? 'Leave it empty to keep the stored one.'
            : 'Stored encrypted, and never shown again.'
        }
      >
        {({ id, describedBy }) => (
          <Input
            id={id}
            aria-describedby={describedBy}
            type="password"
            className="w-full"
            autoComplete="off"
            required={!isServer && !provider?.hasKey}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
