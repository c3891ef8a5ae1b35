'use client'

import type { JsonObject } from '@/flow/json'
import { classNames } from '@/components/ui/class-names'
import { useFieldScope } from './field-context'
import { useValuePreview } from './use-value-preview'

/** The value that a text or an expression gives on real data, in one faint line under its field. */
export function ValuePreview({
  source,
  form,
  root,
}: {
  source: string
  form: 'text' | 'expression'
  root: JsonObject
}) {
  const preview = useValuePreview(source, form, root)
  const { isReal } = useFieldScope()
  if (!preview) return null
  if (!preview.ok && !isReal)
    return <p className="text-ink-faint text-xs">Run the flow once to see the value here.</p>
  return (
    <p
      className={classNames(
        'truncate font-mono text-xs',
        preview.ok ? 'text-status-completed' : 'text-ink-faint',
      )}
      title={preview.text}
    >
      <span aria-hidden>→ </span>
      {preview.text}
    </p>
  )
}
