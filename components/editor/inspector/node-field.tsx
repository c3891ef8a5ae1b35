'use client'

import { lookOf } from '@/components/canvas/node-look'
import { Select } from '@/components/ui/select'
import { useEditor } from '../editor-store'
import { useFieldScope } from './field-context'
import type { ControlProps } from './form-fields'

/** Another step of the flow, of those in the same container. */
export function NodeField({ field, value, onChange, id, describedBy, invalid }: ControlProps) {
  const { nodeId, readOnly } = useFieldScope()
  const nodes = useEditor((state) => state.document.nodes)
  const parent = nodes.find((node) => node.id === nodeId)?.parent
  const options = nodes
    .filter((node) => node.id !== nodeId && node.parent === parent)
    .map((node) => ({ value: String(node.id), label: lookOf(node).name, hint: node.id }))
  return (
    <Select
      id={id}
      aria-label={field.label}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      disabled={readOnly}
      placeholder="Choose a step"
      value={typeof value === 'string' ? value : undefined}
      options={options}
      onChange={onChange}
    />
  )
}
