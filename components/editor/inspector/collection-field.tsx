'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/api/trpc'
import { Select } from '@/components/ui/select'
import { useFieldScope } from './field-context'
import type { ControlProps } from './form-fields'

/** A collection of documents, by its id. One that is not there (yet) stays as it was written. */
export function CollectionField({ field, value, onChange, id, describedBy, invalid }: ControlProps) {
  const { readOnly } = useFieldScope()
  const api = useTRPC()
  const collections = useQuery(api.knowledge.list.queryOptions())
  const chosen = typeof value === 'string' && value !== '' ? value : undefined
  const known = (collections.data ?? []).map((each) => ({ value: each.id, label: each.name, hint: each.id }))
  const isKnown = chosen === undefined || known.some((option) => option.value === chosen)
  const missing = collections.data ? 'not there' : ''
  const options = isKnown ? known : [{ value: chosen, label: chosen, hint: missing }, ...known]
  return (
    <Select
      id={id}
      aria-label={field.label}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      disabled={readOnly}
      placeholder={
        collections.data?.length === 0 ? 'None yet: make one under Knowledge' : 'Choose a collection'
      }
      value={chosen}
      options={options}
      onChange={onChange}
    />
  )
}
