'use client'

import { ModelPicker } from '@/components/models/model-picker'
import { useFieldScope } from './field-context'
import type { ControlProps } from './form-fields'

/** A model by its name, or an expression that gives one. */
export function ModelField({ field, value, onChange, id, describedBy, invalid }: ControlProps) {
  const { readOnly } = useFieldScope()
  return (
    <ModelPicker
      id={id}
      label={field.label}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      disabled={readOnly}
      value={typeof value === 'string' && value !== '' ? value : undefined}
      absent="The workspace’s default"
      onChange={onChange}
    />
  )
}
