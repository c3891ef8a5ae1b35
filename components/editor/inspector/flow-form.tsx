'use client'

import type { ComponentType } from 'react'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import type { Edit } from '@/flow/edits/edit'
import { jsonObjectSchema } from '@/flow/json'
import { useEditor, useEditorStore } from '../editor-store'
import { DurationInput } from './duration-input'
import { asObject, fieldOf, type ControlProps } from './form-fields'
import { JsonField } from './json-field'
import { SchemaField } from './schema-field'

type FlowPatch = Extract<Edit, { type: 'set_flow' }>['patch']

const inputField = fieldOf(
  'input',
  jsonObjectSchema.optional().meta({
    label: 'What a run takes',
    help: 'Makes the form for starting a run.',
    control: 'schema',
  }),
)
const stateField = fieldOf(
  'state',
  jsonObjectSchema.meta({
    label: 'State at the start',
    help: 'Shared values that steps read as state.name and set as they go.',
    control: 'json',
  }),
)

/** The flow itself, while no step is selected. */
export function FlowForm() {
  const store = useEditorStore()
  const document = useEditor((state) => state.document)
  const set = (patch: FlowPatch, merge: string) =>
    store.apply({ type: 'set_flow', patch }, { merge: `flow:${merge}` })
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <header className="px-4 pt-3.5">
        <h2 className="text-md font-semibold">Flow</h2>
        <p className="text-ink-faint text-2xs font-mono">{document.id}</p>
      </header>
      <div data-fields className="flex flex-col gap-4 px-4 py-3.5">
        <Field label="Name">
          {({ id }) => (
            <Input
              id={id}
              value={document.name}
              onChange={(event) => set({ name: event.target.value }, 'name')}
            />
          )}
        </Field>
        <Field label="Description">
          {({ id }) => (
            <Textarea
              id={id}
              value={document.description}
              placeholder="What this flow is for"
              onChange={(event) => set({ description: event.target.value }, 'description')}
            />
          )}
        </Field>
        <Field label="Tags" help="Separated by commas.">
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              key={document.tags.join()}
              defaultValue={document.tags.join(', ')}
              onBlur={(event) => set({ tags: splitTags(event.target.value) }, 'tags')}
            />
          )}
        </Field>
        <ShapeRow
          field={inputField}
          Control={SchemaField}
          value={document.input}
          onChange={(input) => set({ input: input === undefined ? undefined : asObject(input) }, 'shapes')}
        />
        <ShapeRow
          field={stateField}
          Control={JsonField}
          value={document.state}
          onChange={(state) => set({ state: asObject(state) }, 'shapes')}
        />
        <div className="grid grid-cols-2 gap-2.5">
          <Field label="Time limit of a run">
            {({ id }) => (
              <DurationInput
                id={id}
                value={document.settings.timeout}
                onChange={(timeout) => set({ settings: { ...document.settings, timeout } }, 'settings')}
              />
            )}
          </Field>
          <Field label="Attempts of a step">
            {({ id }) => (
              <Input
                id={id}
                type="number"
                min={1}
                max={100}
                value={document.settings.retry?.maxAttempts ?? 1}
                onChange={(event) => {
                  const maxAttempts = Math.min(100, Math.max(1, Math.trunc(event.target.valueAsNumber) || 1))
                  set(
                    {
                      settings: { ...document.settings, retry: { ...document.settings.retry, maxAttempts } },
                    },
                    'settings',
                  )
                }}
              />
            )}
          </Field>
        </div>
      </div>
    </div>
  )
}

/** As the form of a step would draw it, without all that such a form can hold: this one is there when a flow opens. */
function ShapeRow({
  Control,
  ...row
}: Pick<ControlProps, 'field' | 'value' | 'onChange'> & { Control: ComponentType<ControlProps> }) {
  const { label, meta, isRequired } = row.field
  return (
    <Field
      label={label}
      help={meta.help}
      aside={isRequired ? undefined : <span className="text-ink-faint">optional</span>}
    >
      {({ id, describedBy, invalid }) => (
        <Control {...row} path={[row.field.key]} id={id} describedBy={describedBy} invalid={invalid} />
      )}
    </Field>
  )
}

function splitTags(text: string): string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '').slice(0, 50)
}
