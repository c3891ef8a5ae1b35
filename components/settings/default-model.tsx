'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { ModelPicker } from '@/components/models/model-picker'
import { toast } from '@/components/ui/toaster'
import { listStyle, rowStyle, Section } from './section'

/** The model of steps that name none. */
export function DefaultModel({ mayManage }: { mayManage: boolean }) {
  const api = useTRPC()
  const queries = useQueryClient()
  const models = useQuery(api.models.list.queryOptions())
  const choose = useMutation(
    api.models.chooseDefault.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.models.list.queryKey() }),
      onError: (error) => toast.error('The model was not chosen', { description: failureOf(error).message }),
    }),
  )
  const meant = models.data?.default
  return (
    <Section title="Default model" about="What a step uses that names no model.">
      <div className={listStyle}>
        <div className={rowStyle}>
          <ModelPicker
            label="Default model"
            className="w-80 max-w-full"
            disabled={!mayManage || choose.isPending}
            value={models.data?.chosen ?? undefined}
            absent={meant ? `The first there is: ${meant}` : 'The first there is'}
            onChange={(model) => choose.mutate({ model: model ?? null })}
          />
        </div>
        {models.data?.problems.map(({ provider, message }) => (
          <p key={provider} role="status" className="text-status-failed px-4 py-2.5 text-sm">
            <span className="font-mono">{provider}</span>: {message}
          </p>
        ))}
      </div>
    </Section>
  )
}
