'use client'

import { z } from 'zod'
import { isObject, type Json } from '@/flow/json'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { useFieldScope } from './field-context'
import type { ControlProps } from './form-fields'

/** A choice of words, or `{ count }`: who must approve, when a join goes on. */
export function RuleField({ field, value, onChange, id, describedBy }: ControlProps) {
  const { readOnly } = useFieldScope()
  const words = wordsOf(field.schema)
  const current = isObject(value)
    ? 'count'
    : typeof value === 'string'
      ? value
      : String(field.fallback ?? words[0])
  const count = isObject(value) && typeof value.count === 'number' ? value.count : 2
  const choose = (word: string): Json => (word === 'count' ? { count } : word)
  return (
    <div className="flex gap-2">
      <Select
        id={id}
        aria-label={field.label}
        aria-describedby={describedBy}
        disabled={readOnly}
        value={current}
        options={[...words, 'count'].map((word) => ({
          value: word,
          label: field.meta.options?.[word] ?? word,
        }))}
        onChange={(word) => onChange(choose(word))}
      />
      {current === 'count' && (
        <Input
          type="number"
          min={1}
          aria-label="How many"
          className="w-20"
          disabled={readOnly}
          value={count}
          onChange={(event) => onChange({ count: Math.max(1, Math.trunc(event.target.valueAsNumber) || 1) })}
        />
      )}
    </div>
  )
}

function wordsOf(schema: z.ZodType): string[] {
  if (!(schema instanceof z.ZodUnion)) return []
  return schema.options.flatMap((option) =>
    option instanceof z.ZodLiteral ? [...option.values].map(String) : [],
  )
}
