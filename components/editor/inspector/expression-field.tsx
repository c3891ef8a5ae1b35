'use client'

import { CodeEditor } from './code-editor'
import { useFieldScope } from './field-context'
import { textOrAbsent, type ControlProps } from './form-fields'
import { ValuePreview } from './value-preview'

/** A text with templates, a bare expression or JavaScript, with completion and the value it gives under it. */
export function ExpressionField({ field, value, path, onChange, id, describedBy, invalid }: ControlProps) {
  const { root, readOnly, problemsAt } = useFieldScope()
  const source = typeof value === 'string' ? value : ''
  const language =
    field.control === 'code' ? 'javascript' : field.control === 'expression' ? 'expression' : 'text'
  const isTall = field.control === 'code' || field.meta.control === 'area'
  return (
    <>
      <CodeEditor
        id={id}
        label={field.label}
        describedBy={describedBy}
        language={language}
        root={root}
        value={source}
        example={field.fallback === undefined ? field.meta.example : String(field.fallback)}
        readOnly={readOnly}
        invalid={invalid}
        isTall={isTall}
        problems={problemsAt(path)}
        onChange={(next) => onChange(textOrAbsent(next, field.isRequired))}
      />
      {language !== 'javascript' && <ValuePreview source={source} form={language} root={root} />}
    </>
  )
}
