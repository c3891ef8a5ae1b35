'use client'

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import type { ComponentType } from 'react'
import { z } from 'zod'
import { fieldMeta } from '@/flow/field'
import type { Json, JsonObject } from '@/flow/json'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { useFieldScope } from './field-context'
import { asObject, elementOf, emptyOf, fieldOf, type ControlProps } from './form-fields'

/** A list: of small forms for objects, of single controls for the rest. Order can be changed by buttons. */
export function ListField({
  field,
  value,
  path,
  onChange,
  id,
  Form,
  Control,
}: ControlProps & {
  /** Draws an element that is an object. */
  Form: ComponentType<{
    schema: z.ZodType
    value: JsonObject
    path: ControlProps['path']
    onChange: (value: JsonObject) => void
  }>
  /** Draws any other element. */
  Control: ComponentType<ControlProps>
}) {
  const { readOnly, problemsAt } = useFieldScope()
  const element = elementOf(field.schema) ?? z.string()
  const name = fieldMeta(element).label ?? 'item'
  const items = Array.isArray(value) ? value : []
  const replace = (index: number, next: Json | undefined) =>
    onChange(items.map((item, each) => (each === index ? (next ?? '') : item)))
  const move = (index: number, by: number) => {
    const next = [...items]
    const [item] = next.splice(index, 1)
    if (item === undefined) return
    next.splice(index + by, 0, item)
    onChange(next)
  }
  const isForm = element instanceof z.ZodObject
  const isBlock = isForm || element instanceof z.ZodDiscriminatedUnion

  return (
    <div id={id} role="group" aria-label={field.label} className="flex flex-col gap-2">
      {items.map((item, index) => {
        const itemPath = [...path, index]
        const problem = problemsAt(itemPath)[0]
        const buttons = (
          <span className="flex shrink-0">
            <IconButton
              size="xs"
              label={`Move ${name} ${index + 1} up`}
              disabled={readOnly || index === 0}
              onClick={() => move(index, -1)}
            >
              <ArrowUp />
            </IconButton>
            <IconButton
              size="xs"
              label={`Move ${name} ${index + 1} down`}
              disabled={readOnly || index === items.length - 1}
              onClick={() => move(index, 1)}
            >
              <ArrowDown />
            </IconButton>
            <IconButton
              size="xs"
              label={`Remove ${name} ${index + 1}`}
              disabled={readOnly}
              onClick={() => onChange(items.filter((_, each) => each !== index))}
            >
              <X />
            </IconButton>
          </span>
        )
        return isBlock ? (
          <div key={index} className="border-line flex flex-col gap-2 rounded-md border p-2.5">
            <div className="text-ink-faint flex items-center justify-between text-xs">
              <span className="truncate">{[index + 1, titleOf(item)].filter(Boolean).join(' · ')}</span>
              {buttons}
            </div>
            {isForm ? (
              <Form
                schema={element}
                value={asObject(item)}
                path={itemPath}
                onChange={(next) => replace(index, next)}
              />
            ) : (
              <Control
                field={{ ...fieldOf(String(index), element), label: `${name} ${index + 1}` }}
                value={item}
                path={itemPath}
                onChange={(next) => replace(index, next)}
                id={`${id}-${index}`}
                describedBy={undefined}
                invalid={problem !== undefined}
              />
            )}
          </div>
        ) : (
          <div key={index} className="flex flex-col gap-1">
            <div className="flex items-center gap-1.5">
              <div className="min-w-0 flex-1">
                <Control
                  field={{ ...fieldOf(String(index), element), label: `${name} ${index + 1}` }}
                  value={item}
                  path={itemPath}
                  onChange={(next) => replace(index, next)}
                  id={`${id}-${index}`}
                  describedBy={undefined}
                  invalid={problem !== undefined}
                />
              </div>
              {buttons}
            </div>
            {problem && <p className="text-status-failed text-xs">{problem.message}</p>}
          </div>
        )
      })}
      <Button
        variant="quiet"
        size="xs"
        className="self-start"
        disabled={readOnly}
        onClick={() => onChange([...items, emptyOf(element)])}
      >
        <Plus /> Add
      </Button>
    </div>
  )
}

/** By what an element of a list is known to people, if it has a name. */
function titleOf(item: Json): string {
  const { name, port, flow, collection, server } = asObject(item)
  const title = [name, port, flow, collection, server].find((each) => typeof each === 'string' && each !== '')
  return typeof title === 'string' ? title : ''
}
