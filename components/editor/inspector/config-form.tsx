'use client'

import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { Json, JsonObject } from '@/flow/json'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Switch } from '@/components/ui/switch'
import { CollectionField } from './collection-field'
import { DurationField } from './duration-field'
import { ExpressionField } from './expression-field'
import { useFieldScope } from './field-context'
import { fieldsOf, optionsOf, textOrAbsent, type ControlProps, type FormField } from './form-fields'
import { FlowField } from './flow-field'
import { GroupField } from './group-field'
import { JsonField } from './json-field'
import { KeyValueField } from './key-value-field'
import { ListField } from './list-field'
import { McpServerField } from './mcp-server-field'
import { ModelField } from './model-field'
import { NodeField } from './node-field'
import { RuleField } from './rule-field'
import { SchemaField } from './schema-field'
import { VariantField } from './variant-field'

type Path = readonly (string | number)[]

/** The generated form of an object schema. Absent optional keys stay absent until they are filled. */
export function ConfigForm({
  schema,
  value,
  path,
  onChange,
}: {
  schema: z.ZodType
  value: JsonObject
  /** Where the object lies within the node, such as `['config']`. */
  path: Path
  onChange: (value: JsonObject) => void
}) {
  const fields = fieldsOf(schema)
  const plain = fields.filter((field) => !field.meta.advanced)
  const advanced = fields.filter((field) => field.meta.advanced)
  const isUsed = advanced.some((field) => value[field.key] !== undefined)
  const [isOpen, setOpen] = useState(isUsed)
  const row = (field: FormField) => (
    <FieldRow
      key={field.key}
      field={field}
      value={value[field.key]}
      path={[...path, field.key]}
      onChange={(next) => onChange(withKey(value, field.key, next))}
    />
  )
  return (
    <div className="flex flex-col gap-3.5">
      {plain.map(row)}
      {advanced.length > 0 && (
        <div className="flex flex-col gap-3.5">
          <Button
            variant="ghost"
            size="xs"
            className="self-start px-0"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? <ChevronDown /> : <ChevronRight />} More settings
          </Button>
          {isOpen && advanced.map(row)}
        </div>
      )}
    </div>
  )
}

function withKey(object: JsonObject, key: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [key]: value }
  const { [key]: _, ...rest } = object
  return rest
}

/** A label, the control that fits the field, and the first problem of its value under it. */
function FieldRow({
  field,
  value,
  path,
  onChange,
}: {
  field: FormField
  value: Json | undefined
  path: readonly (string | number)[]
  onChange: (value: Json | undefined) => void
}) {
  const { problemsAt, readOnly } = useFieldScope()
  const problem = problemsAt(path)[0]
  if (field.control === 'switch') {
    return (
      <label className="flex items-start justify-between gap-3">
        <span className="flex flex-col gap-0.5">
          <span className="text-ink-muted text-xs font-medium">{field.label}</span>
          {field.meta.help && <span className="text-ink-faint text-xs">{field.meta.help}</span>}
        </span>
        <Switch
          checked={(value ?? field.fallback) === true}
          disabled={readOnly}
          onCheckedChange={(checked) => onChange(checked === (field.fallback ?? false) ? undefined : checked)}
        />
      </label>
    )
  }
  const isEditor =
    field.control === 'text' ||
    field.control === 'duration' ||
    field.control === 'expression' ||
    field.control === 'code'
  return (
    <Field
      label={field.label}
      help={field.meta.help}
      error={problem?.message}
      aside={
        isEditor || field.isRequired || field.fallback !== undefined ? undefined : (
          <span className="text-ink-faint">optional</span>
        )
      }
    >
      {({ id, describedBy, invalid }) => (
        <ControlFor {...{ field, value, path, onChange, id, describedBy, invalid }} />
      )}
    </Field>
  )
}

const absent = '·default·'

/** The control of one field, by what its schema says. */
function ControlFor(props: ControlProps) {
  const { field, value, onChange, id, describedBy, invalid } = props
  const { readOnly } = useFieldScope()
  const aria = { id, 'aria-describedby': describedBy, 'aria-invalid': invalid }
  switch (field.control) {
    case 'text':
    case 'expression':
    case 'code':
      return <ExpressionField {...props} />
    case 'select': {
      const options = optionsOf(field)
      const isOptional = !field.isRequired && field.fallback === undefined
      return (
        <Select
          {...aria}
          aria-label={field.label}
          disabled={readOnly}
          value={typeof value === 'string' ? value : isOptional ? absent : String(field.fallback ?? '')}
          options={isOptional ? [{ value: absent, label: 'Not set' }, ...options] : options}
          onChange={(next) => onChange(next === absent ? undefined : next)}
        />
      )
    }
    case 'duration':
      return <DurationField {...props} />
    case 'number':
      return (
        <Input
          {...aria}
          type="number"
          step="any"
          disabled={readOnly}
          value={typeof value === 'number' ? value : ''}
          placeholder={field.fallback === undefined ? field.meta.example : String(field.fallback)}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.valueAsNumber)}
        />
      )
    case 'json':
      return <JsonField {...props} />
    case 'schema':
      return <SchemaField {...props} />
    case 'key-value':
      return <KeyValueField {...props} />
    case 'list':
      return <ListField {...props} Form={ConfigForm} Control={ControlFor} />
    case 'variant':
      return <VariantField {...props} Form={ConfigForm} />
    case 'rule':
      return <RuleField {...props} />
    case 'node':
      return <NodeField {...props} />
    case 'flow':
      return <FlowField {...props} />
    case 'model':
      return <ModelField {...props} />
    case 'collection':
      return <CollectionField {...props} />
    case 'mcp-server':
      return <McpServerField {...props} />
    case 'group':
      return <GroupField {...props} Form={ConfigForm} />
    default:
      return (
        <Input
          {...aria}
          disabled={readOnly}
          spellCheck={false}
          className="font-mono"
          value={typeof value === 'string' ? value : ''}
          placeholder={field.fallback === undefined ? field.meta.example : String(field.fallback)}
          onChange={(event) => onChange(textOrAbsent(event.target.value, field.isRequired))}
        />
      )
  }
}
