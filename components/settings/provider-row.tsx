'use client'

import { useMutation } from '@tanstack/react-query'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Pill } from '@/components/ui/pill'
import type { Provider } from './models-page'
import { rowStyle } from './section'

type Trial = ApiOutput['models']['tryProvider']

export const kindWords: Record<Provider['kind'], string> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  google: 'Google',
  compatible: 'OpenAI-compatible server',
}

/** A provider, what is known of its key, and the button that asks it for an answer. */
export function ProviderRow({
  provider,
  mayManage,
  onEdit,
  onRemove,
}: {
  provider: Provider
  mayManage: boolean
  onEdit: () => void
  onRemove: () => void
}) {
  const api = useTRPC()
  const trial = useMutation(api.models.tryProvider.mutationOptions())
  const { name, kind, baseUrl, source } = provider
  return (
    <li className={rowStyle}>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-mono font-medium">{name}</span>
          <KeyPill provider={provider} />
        </p>
        <p className="text-ink-muted mt-0.5 truncate text-sm">
          {kindWords[kind]}
          {baseUrl ? ` at ${baseUrl}` : ''}
          {source === 'server' ? ' · set by the environment of the server' : ''}
        </p>
      </div>
      {mayManage && (
        <div className="flex gap-1.5">
          <Button
            disabled={trial.isPending}
            aria-label={`Test ${name}`}
            onClick={() => trial.mutate({ name })}
          >
            {trial.isPending ? 'Testing…' : 'Test'}
          </Button>
          {source === 'workspace' && (
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
      )}
      <div role="status" className="w-full empty:hidden">
        {trial.data && <TrialResult trial={trial.data} />}
        {trial.isError && (
          <TrialResult trial={{ ok: false, code: 'failed', message: failureOf(trial.error).message }} />
        )}
      </div>
    </li>
  )
}

function KeyPill({ provider: { hasKey, hasLostKey, kind } }: { provider: Provider }) {
  if (hasLostKey) return <Pill tone="failed">Key cannot be opened</Pill>
  if (hasKey) return <Pill>Key stored</Pill>
  return kind === 'compatible' ? <Pill>No key</Pill> : <Pill tone="failed">No key</Pill>
}

function TrialResult({ trial }: { trial: Trial }) {
  if (trial.ok) {
    return (
      <p className="text-status-completed flex items-start gap-1.5 text-sm">
        <CircleCheck aria-hidden className="mt-0.5 size-3.5 shrink-0" />
        {trial.model} answered in {(trial.tookMs / 1_000).toFixed(1)} s: {trial.answer || '(nothing)'}
      </p>
    )
  }
  return (
    <p className="text-status-failed flex items-start gap-1.5 text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 break-words">{trial.message}</span>
    </p>
  )
}
