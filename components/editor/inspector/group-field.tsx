'use client'

import { Plus, X } from 'lucide-react'
import type { ComponentType } from 'react'
import type { z } from 'zod'
import type { JsonObject } from '@/flow/json'
import { Button } from '@/components/ui/button'
import { useFieldScope } from './field-context'
import { asObject, emptyOf, type ControlProps } from './form-fields'

/** An object as a form of its own; one that may be left out is added and taken away as a whole. */
export function GroupField({
  field,
  value,
  path,
  onChange,
  id,
  Form,
}: ControlProps & {
  Form: ComponentType<{
    schema: z.ZodType
    value: JsonObject
    path: ControlProps['path']
    onChange: (value: JsonObject) => void
  }>
}) {
  const { readOnly } = useFieldScope()
  const isOptional = !field.isRequired && field.fallback === undefined
  if (isOptional && value === undefined) {
    return (
      <Button
        id={id}
        variant="quiet"
        size="xs"
        className="self-start"
        disabled={readOnly}
        onClick={() => onChange(emptyOf(field.schema))}
      >
        <Plus /> Add {field.label.toLowerCase()}
      </Button>
    )
  }
  return (
    <div
      id={id}
      role="group"
      aria-label={field.label}
      className="border-line flex flex-col gap-2 rounded-md border p-3"
    >
      <Form schema={field.schema} value={asObject(value)} path={path} onChange={onChange} />
      {isOptional && (
        <Button
          variant="ghost"
          size="xs"
          className="self-start px-0"
          disabled={readOnly}
          onClick={() => onChange(undefined)}
        >
          <X /> Remove {field.label.toLowerCase()}
        </Button>
      )}
    </div>
  )
}
