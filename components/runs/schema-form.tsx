'use client'

import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Switch } from '@/components/ui/switch'
import { Textarea } from '@/components/ui/textarea'
import { asText, isObject, type Json, type JsonObject } from '@/flow/json'
import { JsonArea } from './json-area'
import { blankOf, fieldsOf, itemsOf, join, shapeOf, type ValueProblem } from './schema-value'

interface PartProps {
  schema: JsonObject
  value: Json | undefined
  /** Undefined takes the field out. */
  onChange: (value: Json | undefined) => void
  problems: readonly ValueProblem[]
  at: string
}

/** A form made of a JSON Schema: labels, choices, nested objects, lists. What it cannot draw is written as JSON. */
export function SchemaForm({
  schema,
  value,
  onChange,
  problems,
}: {
  schema: JsonObject
  value: Json
  onChange: (value: Json) => void
  problems: readonly ValueProblem[]
}) {
  const change = (next: Json | undefined) => onChange(next ?? null)
  if (shapeOf(schema) === 'object') {
    return <ObjectFields schema={schema} value={value} onChange={change} problems={problems} at="" />
  }
  const part = { schema, value, onChange: change, problems, at: '' }
  return (
    <Part {...part} label={typeof schema.title === 'string' ? schema.title : 'Value'} help="" isRequired />
  )
}

function ObjectFields({ schema, value, onChange, problems, at }: PartProps) {
  const own: JsonObject = isObject(value) ? (value as JsonObject) : {}
  const set = (name: string, next: Json | undefined) => {
    const { [name]: _, ...rest } = own
    onChange(next === undefined ? rest : { ...own, [name]: next })
  }
  return (
    <div className="flex flex-col gap-3">
      {fieldsOf(schema).map((field) => (
        <Part
          key={field.name}
          {...field}
          value={own[field.name]}
          onChange={(next) => set(field.name, next)}
          problems={problems}
          at={join(at, field.name)}
        />
      ))}
    </div>
  )
}

type LabelledProps = PartProps & { label: string; help: string; isRequired: boolean }

function Part(props: LabelledProps) {
  const { schema, value, onChange, problems, at, label, help, isRequired } = props
  const shape = shapeOf(schema)
  if (shape === 'object') return <Group {...props} />
  if (shape === 'list') return <List {...props} />
  const error = problems.find((problem) => problem.at === at)?.message
  return (
    <Field
      label={label}
      help={help}
      error={error}
      aside={isRequired ? undefined : <span className="text-ink-faint">optional</span>}
    >
      {(ids) => {
        const control = { id: ids.id, 'aria-describedby': ids.describedBy, 'aria-invalid': ids.invalid }
        switch (shape) {
          case 'choice':
            return <Choice {...control} schema={schema} value={value} onChange={onChange} />
          case 'boolean':
            return (
              <Switch
                id={ids.id}
                aria-describedby={ids.describedBy}
                checked={value === true}
                onCheckedChange={onChange}
              />
            )
          case 'number':
            return <NumberInput {...control} value={value} onChange={onChange} isRequired={isRequired} />
          case 'text':
            return (
              <TextInput
                {...control}
                schema={schema}
                value={value}
                onChange={onChange}
                isRequired={isRequired}
              />
            )
          default:
            return <JsonArea {...control} value={value ?? null} onChange={onChange} rows={3} />
        }
      }}
    </Field>
  )
}

interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
  value: Json | undefined
  onChange: (value: Json | undefined) => void
}

function Choice({ schema, value, onChange, ...control }: ControlProps & { schema: JsonObject }) {
  const choices = Array.isArray(schema.enum) ? schema.enum : []
  return (
    <Select
      {...control}
      value={value === undefined ? undefined : asText(value)}
      options={choices.map((choice) => ({ value: asText(choice), label: asText(choice) || 'none' }))}
      placeholder="Choose…"
      onChange={(text) => onChange(choices.find((choice) => asText(choice) === text))}
    />
  )
}

const inputTypes: Record<string, string> = { date: 'date', email: 'email', uri: 'url', time: 'time' }

function TextInput({
  schema,
  value,
  onChange,
  isRequired,
  ...control
}: ControlProps & { schema: JsonObject; isRequired: boolean }) {
  const text = typeof value === 'string' ? value : ''
  const change = (next: string) => onChange(next === '' && !isRequired ? undefined : next)
  const example = Array.isArray(schema.examples) ? asText(schema.examples[0]) : undefined
  if (schema.format === 'textarea' || (typeof schema.maxLength === 'number' && schema.maxLength > 200)) {
    return (
      <Textarea
        {...control}
        value={text}
        placeholder={example}
        onChange={(event) => change(event.target.value)}
      />
    )
  }
  return (
    <Input
      {...control}
      type={inputTypes[asText(schema.format)] ?? 'text'}
      value={text}
      placeholder={example}
      onChange={(event) => change(event.target.value)}
    />
  )
}

/** Keeps what was typed, so that `1.` and `-` can become numbers. */
function NumberInput({ value, onChange, isRequired, ...control }: ControlProps & { isRequired: boolean }) {
  const [typed, setTyped] = useState(asText(value))
  const shown =
    typed !== '' && Number(typed) === value
      ? typed
      : value === null || value === undefined
        ? typed
        : asText(value)
  return (
    <Input
      {...control}
      inputMode="decimal"
      value={shown}
      onChange={(event) => {
        const text = event.target.value
        setTyped(text)
        const number = Number(text)
        if (text.trim() === '') onChange(isRequired ? null : undefined)
        else onChange(Number.isFinite(number) ? number : text)
      }}
    />
  )
}

function Group({ label, help, ...part }: LabelledProps) {
  return (
    <fieldset className="border-line rounded-lg border p-3">
      <legend className="text-ink-muted px-1 text-xs font-medium">{label}</legend>
      {help && <p className="text-ink-faint mb-2 text-xs">{help}</p>}
      <ObjectFields {...part} />
    </fieldset>
  )
}

function List({ schema, value, onChange, problems, at, label, help }: LabelledProps) {
  const headingId = useId()
  const items = Array.isArray(value) ? value : []
  const itemSchema = itemsOf(schema)
  const replace = (index: number, item: Json | undefined) =>
    onChange(items.map((each, at) => (at === index ? (item ?? null) : each)))
  return (
    <div role="group" aria-labelledby={headingId} className="flex flex-col gap-1.5">
      <span id={headingId} className="text-ink-muted text-xs font-medium">
        {label}
      </span>
      {help && <p className="text-ink-faint text-xs">{help}</p>}
      {items.map((item, index) => (
        <div key={index} className="flex items-start gap-1.5">
          <div className="min-w-0 flex-1">
            <Part
              schema={itemSchema}
              value={item}
              onChange={(next) => replace(index, next)}
              problems={problems}
              at={join(at, index)}
              label={`${index + 1}`}
              help=""
              isRequired
            />
          </div>
          <IconButton
            label={`Remove ${label.toLowerCase()} ${index + 1}`}
            className="mt-5"
            onClick={() => onChange(items.filter((_, at) => at !== index))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      <Button
        size="xs"
        variant="outline"
        className="self-start"
        onClick={() => onChange([...items, blankOf(itemSchema)])}
      >
        <Plus /> Add
      </Button>
    </div>
  )
}
