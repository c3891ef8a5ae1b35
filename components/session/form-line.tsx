import type { ComponentProps } from 'react'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

/** One labelled line of a front form. */
export function FormLine({
  label,
  help,
  error,
  ...input
}: { label: string; help?: string; error?: string } & ComponentProps<typeof Input>) {
  return (
    <Field label={label} help={help} error={error}>
      {({ id, describedBy, invalid }) => (
        <Input id={id} aria-describedby={describedBy} aria-invalid={invalid} className="h-9" {...input} />
      )}
    </Field>
  )
}
