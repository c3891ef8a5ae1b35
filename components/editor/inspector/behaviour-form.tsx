'use client'

import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Segmented } from '@/components/ui/segmented'
import { Select } from '@/components/ui/select'
import { Switch } from '@/components/ui/switch'
import { Textarea } from '@/components/ui/textarea'
import { joinSchema, type FlowNode, type RetryPolicy } from '@/flow/document'
import type { NodePatch } from '@/flow/edits/edit'
import { canFail, type KindDefinition } from '@/flow/kind'
import { useEditor, useEditorStore } from '../editor-store'
import { useFieldScope } from './field-context'
import { DurationInput } from './duration-input'
import { OutputForm } from './output-form'

const errorChoices = [
  { value: 'fail', label: 'Stop' },
  { value: 'route', label: 'Route' },
  { value: 'continue', label: 'Go on' },
] as const

const errorHelp = {
  fail: 'The run fails, and says where and why.',
  route: 'The run goes on by the error way out of this step.',
  continue: 'The run goes on with nothing (null) as the output.',
} as const

/** What all kinds have in common: failure, retries, time limit, joining, output and state, note. */
export function BehaviourForm({ node, definition }: { node: FlowNode; definition: KindDefinition }) {
  const store = useEditorStore()
  const { problemsAt } = useFieldScope()
  const incoming = useEditor((state) => state.document.edges.filter((edge) => edge.to === node.id).length)
  const [isOpen, setOpen] = useState(false)
  const set = (patch: NodePatch, merge?: string) =>
    store.apply({ type: 'set_node', node: node.id, patch }, merge ? { merge: `${merge}:${node.id}` } : {})
  const setRetry = (patch: Partial<RetryPolicy>) => {
    const retry: RetryPolicy = { ...node.retry, ...patch }
    const isEmpty = Object.values(retry).every((value) => value === undefined)
    set({ retry: isEmpty ? undefined : retry }, 'retry')
  }
  const attempts = node.retry?.maxAttempts ?? 1
  const onError = node.onError ?? 'fail'

  return (
    <div className="border-line flex flex-col gap-4 border-t pt-4">
      {canFail(definition) && (
        <>
          <Field label="If it fails" help={errorHelp[onError]}>
            {() => (
              <Segmented
                label="If it fails"
                value={onError}
                options={errorChoices}
                onChange={(value) => set({ onError: value === 'fail' ? undefined : value })}
              />
            )}
          </Field>
          <div className="grid grid-cols-2 gap-2.5">
            <Field label="Attempts">
              {({ id }) => (
                <Input
                  id={id}
                  type="number"
                  min={1}
                  max={100}
                  value={attempts}
                  onChange={(event) => {
                    const count = Math.trunc(event.target.valueAsNumber)
                    setRetry({ maxAttempts: count > 1 ? Math.min(count, 100) : undefined })
                  }}
                />
              )}
            </Field>
            <Field label="Time limit" error={problemsAt(['timeout'])[0]?.message}>
              {({ id }) => (
                <DurationInput
                  id={id}
                  value={node.timeout}
                  onChange={(timeout) => set({ timeout }, 'timeout')}
                />
              )}
            </Field>
          </div>
          {attempts > 1 && (
            <div className="grid grid-cols-2 gap-2.5">
              <Field label="First pause">
                {({ id }) => (
                  <DurationInput
                    id={id}
                    value={node.retry?.interval}
                    placeholder="1s"
                    onChange={(interval) => setRetry({ interval })}
                  />
                )}
              </Field>
              <Field label="Longest pause">
                {({ id }) => (
                  <DurationInput
                    id={id}
                    value={node.retry?.maxInterval}
                    placeholder="1m"
                    onChange={(maxInterval) => setRetry({ maxInterval })}
                  />
                )}
              </Field>
            </div>
          )}
        </>
      )}
      {incoming > 1 && <JoinField node={node} onChange={(join) => set({ join })} />}
      <Button
        variant="ghost"
        size="xs"
        className="self-start px-0"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? <ChevronDown /> : <ChevronRight />} Output, state and note
      </Button>
      {isOpen && (
        <>
          {!definition.terminal && <OutputForm node={node} onChange={(patch) => set(patch, 'output')} />}
          <Field label="Note">
            {({ id }) => (
              <Textarea
                id={id}
                value={node.note ?? ''}
                placeholder="Why this step is here"
                onChange={(event) => set({ note: event.target.value || undefined }, 'note')}
              />
            )}
          </Field>
          <label className="text-ink-muted flex items-center justify-between text-xs font-medium">
            Switched off
            <Switch
              checked={node.disabled ?? false}
              onCheckedChange={(disabled) => set({ disabled: disabled || undefined })}
            />
          </label>
        </>
      )}
    </div>
  )
}

/** When a step with several lines leading to it may begin. */
function JoinField({ node, onChange }: { node: FlowNode; onChange: (join: FlowNode['join']) => void }) {
  const join = node.join ?? 'all'
  const current = typeof join === 'object' ? 'count' : join
  return (
    <Field label="Begins when">
      {({ id }) => (
        <div className="flex gap-2">
          <Select
            id={id}
            aria-label="Begins when"
            value={current}
            options={[
              { value: 'all', label: 'all lines are decided' },
              { value: 'any', label: 'the first has come' },
              { value: 'count', label: 'a number have come' },
            ]}
            onChange={(value) =>
              onChange(
                value === 'all' ? undefined : joinSchema.parse(value === 'count' ? { count: 2 } : value),
              )
            }
          />
          {typeof join === 'object' && (
            <Input
              type="number"
              min={1}
              aria-label="How many lines"
              className="w-20"
              value={join.count}
              onChange={(event) =>
                onChange({ count: Math.max(1, Math.trunc(event.target.valueAsNumber) || 1) })
              }
            />
          )}
        </div>
      )}
    </Field>
  )
}
