'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/api/trpc'
import { Select } from '@/components/ui/select'
import { useFieldScope } from './field-context'
import type { ControlProps } from './form-fields'

/** A flow of the workspace, by its id. One that is not there (yet) stays as it was written. */
export function FlowField({ field, value, onChange, id, describedBy, invalid }: ControlProps) {
  const { readOnly } = useFieldScope()
  const api = useTRPC()
  const flows = useQuery(api.flows.list.queryOptions())
  const chosen = typeof value === 'string' && value !== '' ? value : undefined
  const known = (flows.data ?? []).map((flow) => ({
    value: flow.id,
    label: flow.name || flow.id,
    hint: flow.id,
  }))
  const isKnown = chosen === undefined || known.some((option) => option.value === chosen)
  const missing = flows.data ? 'not there' : ''
  const options = isKnown ? known : [{ value: chosen, label: chosen, hint: missing }, ...known]
  return (
    <Select
      id={id}
      aria-label={field.label}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      disabled={readOnly}
      placeholder="Choose a flow"
      value={chosen}
      options={options}
      onChange={onChange}
    />
  )
}
