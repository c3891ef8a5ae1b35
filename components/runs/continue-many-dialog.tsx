'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { toast } from '@/components/ui/toaster'

type Outcome = ApiOutput['runs']['continueMany']
type Version = 'same' | 'draft' | 'live'

const versions = [
  { value: 'same', label: 'The one that each ran' },
  { value: 'draft', label: 'The draft as it is now' },
  { value: 'live', label: 'The live version' },
] as const

/** Lets many runs go on at once: those that failed (or were cancelled), narrowed by time, step and error. */
export function ContinueManyDialog({
  flow,
  status,
  onClose,
}: {
  flow: string
  status: 'failed' | 'cancelled'
  onClose: () => void
}) {
  const api = useTRPC()
  const queries = useQueryClient()
  const [version, setVersion] = useState<Version>('same')
  const [filter, setFilter] = useState({ from: '', to: '', step: '', code: '' })
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const mutation = useMutation(
    api.runs.continueMany.mutationOptions({
      onSuccess: (result) => {
        setOutcome(result)
        void queries.invalidateQueries({ queryKey: api.runs.list.pathKey() })
      },
      onError: (error) =>
        toast.error('The runs were not continued', { description: failureOf(error).message }),
    }),
  )
  const field = (
    name: keyof typeof filter,
    label: string,
    type: 'text' | 'datetime-local',
    example?: string,
  ) => (
    <Field label={label} aside={<span className="text-ink-faint">optional</span>}>
      {({ id }) => (
        <Input
          id={id}
          type={type}
          placeholder={example}
          value={filter[name]}
          onChange={(event) => setFilter({ ...filter, [name]: event.target.value })}
        />
      )}
    </Field>
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Continue ${status} runs`}
      description={
        status === 'failed'
          ? 'Each goes on from the step that failed; what came before is kept.'
          : 'Each goes on from where it was cancelled; what came before is kept.'
      }
      footer={
        outcome && !outcome.more ? (
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{outcome ? 'Done' : 'Leave them'}</Button>
            <Button
              variant="primary"
              disabled={mutation.isPending}
              onClick={() =>
                mutation.mutate({
                  flow,
                  status,
                  ...(filter.from ? { from: new Date(filter.from).toISOString() } : {}),
                  ...(filter.to ? { to: new Date(filter.to).toISOString() } : {}),
                  ...(filter.step ? { step: filter.step } : {}),
                  ...(filter.code ? { code: filter.code } : {}),
                  ...(version === 'same' ? {} : { version }),
                })
              }
            >
              {outcome ? 'Continue the next' : 'Continue them'}
            </Button>
          </>
        )
      }
    >
      {outcome ? (
        <Continued outcome={outcome} />
      ) : (
        <div className="grid grid-cols-2 gap-3">
          {field('from', 'Started after', 'datetime-local')}
          {field('to', 'Started before', 'datetime-local')}
          {field('step', 'Step that failed', 'text', 'fetch_customer')}
          {field('code', 'Error code', 'text', 'http_error')}
          <div className="col-span-2">
            <Field label="Version">
              {({ id }) => (
                <Select
                  id={id}
                  aria-label="Version"
                  value={version}
                  options={versions}
                  onChange={setVersion}
                />
              )}
            </Field>
          </div>
        </div>
      )}
    </Dialog>
  )
}

function Continued({ outcome }: { outcome: Outcome }) {
  const { continued, refused, more } = outcome
  return (
    <div role="status" className="flex flex-col gap-2">
      <p className="font-medium">
        {continued === 1 ? '1 run goes on' : `${continued} runs go on`}
        {more && '; there are more that fit'}
      </p>
      {refused.length > 0 && (
        <>
          <p className="text-ink-muted">{refused.length} could not be continued:</p>
          <ul className="text-ink-muted flex flex-col gap-1 text-xs">
            {refused.slice(0, 20).map(({ id, reason }) => (
              <li key={id}>
                <span className="font-mono">{id}</span> {reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
