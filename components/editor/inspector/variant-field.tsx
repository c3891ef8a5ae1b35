'use client'

import type { ComponentType } from 'react'
import { z } from 'zod'
import { fieldMeta } from '@/flow/field'
import type { JsonObject } from '@/flow/json'
import { Select } from '@/components/ui/select'
import { useFieldScope } from './field-context'
import { asObject, emptyOf, type ControlProps } from './form-fields'

const absent = '·none·'

/** One of several shapes, told apart by one key: a choice, and the form of what was chosen. */
export function VariantField({
  field,
  value,
  path,
  onChange,
  id,
  describedBy,
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
  const { key, variants } = variantsOf(field.schema)
  const current = asObject(value)
  const chosen = variants.find((variant) => variant.name === current[key])
  const choices = variants.map(({ name, schema }) => ({
    value: name,
    label: fieldMeta(schema).label ?? name,
  }))
  function choose(name: string) {
    const variant = variants.find((each) => each.name === name)
    onChange(variant ? { ...asObject(emptyOf(variant.schema)), [key]: name } : undefined)
  }
  return (
    <div className="flex flex-col gap-2.5">
      <Select
        id={id}
        aria-label={field.label}
        aria-describedby={describedBy}
        disabled={readOnly}
        value={chosen?.name ?? absent}
        options={field.isRequired ? choices : [{ value: absent, label: 'Nothing set' }, ...choices]}
        onChange={choose}
      />
      {chosen && (
        <div className="border-line rounded-md border p-3">
          <Form
            schema={chosen.fields}
            value={current}
            path={path}
            onChange={(next) => onChange({ ...next, [key]: chosen.name })}
          />
        </div>
      )}
    </div>
  )
}

function variantsOf(schema: z.ZodType): {
  key: string
  variants: { name: string; schema: z.ZodObject; fields: z.ZodObject }[]
} {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return { key: '', variants: [] }
  const key = schema.def.discriminator
  const variants = schema.options.flatMap((option) => {
    const name = option instanceof z.ZodObject ? option.shape[key] : undefined
    return option instanceof z.ZodObject && name instanceof z.ZodLiteral
      ? [{ name: String(name.value), schema: option, fields: without(option, key) }]
      : []
  })
  return { key, variants }
}

function without(schema: z.ZodObject, key: string): z.ZodObject {
  return z.strictObject(Object.fromEntries(Object.entries(schema.shape).filter(([name]) => name !== key)))
}
