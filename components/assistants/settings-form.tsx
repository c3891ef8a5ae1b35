'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { ModelPicker } from '@/components/models/model-picker'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import { useAssistantChanges, type Assistant } from './use-assistant-changes'

const afterMs = 600

/** What an assistant is called, told and spoken by. Stored while one writes. */
export function SettingsForm({ assistant }: { assistant: Assistant }) {
  const { change } = useAssistantChanges(assistant.id)
  return (
    <section aria-labelledby="assistant-settings" className="flex flex-col gap-4">
      <div className="flex items-center gap-3">
        <h2 id="assistant-settings" className="text-md flex-1 font-semibold">
          Who it is
        </h2>
        <span role="status" className="text-ink-faint text-xs">
          {change.isPending ? 'Saving…' : change.isError ? 'Not saved' : change.isSuccess ? 'Saved' : ''}
        </span>
      </div>
      <Written
        label="Name"
        value={assistant.name}
        isNeeded
        onChange={(name) => change.mutate({ name })}
        render={(props) => <Input maxLength={200} {...props} />}
      />
      <Written
        label="Instruction"
        help="What it is told first. What its flows say to assistants comes after it."
        value={assistant.instruction}
        onChange={(instruction) => change.mutate({ instruction })}
        render={(props) => (
          <Textarea
            className="min-h-28"
            maxLength={50_000}
            placeholder="You help the customers of a bank. Be brief and friendly."
            {...props}
          />
        )}
      />
      <Field label="Model" help="For talks by text.">
        {({ id, describedBy }) => (
          <ModelPicker
            id={id}
            aria-describedby={describedBy}
            label="Model"
            absent="The workspace’s default"
            value={assistant.model ?? undefined}
            onChange={(model) => change.mutate({ model: model ?? null })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Written
          label="Voice model"
          help="For realtime sessions."
          value={assistant.voiceModel ?? ''}
          onChange={(voiceModel) => change.mutate({ voiceModel: voiceModel.trim() || null })}
          render={(props) => <Input maxLength={200} placeholder="gpt-realtime" {...props} />}
        />
        <Written
          label="Voice"
          value={assistant.voice ?? ''}
          onChange={(voice) => change.mutate({ voice: voice.trim() || null })}
          render={(props) => <Input maxLength={100} placeholder="marin" {...props} />}
        />
      </div>
    </section>
  )
}

interface WrittenProps {
  id: string
  value: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
  onChange: (event: { target: { value: string } }) => void
  onBlur: () => void
}

/** A text that is stored when one pauses, or leaves it. What somebody else stores meanwhile is shown unless one is writing. */
function Written({
  label,
  help,
  value,
  isNeeded = false,
  onChange,
  render,
}: {
  label: string
  help?: string
  value: string
  /** Empty is not stored. */
  isNeeded?: boolean
  onChange: (value: string) => void
  render: (props: WrittenProps) => React.ReactNode
}) {
  const [written, setWritten] = useState<string | null>(null)
  const shown = written ?? value
  const isEmpty = isNeeded && shown.trim() === ''
  const store = () => {
    if (written !== null && !isEmpty && written !== value) onChange(written)
  }
  const storeLater = useEffectEvent(store)
  useEffect(() => {
    if (written === null) return
    const timer = setTimeout(() => storeLater(), afterMs)
    return () => clearTimeout(timer)
  }, [written])
  return (
    <Field label={label} help={help} error={isEmpty ? 'It needs a name.' : undefined}>
      {({ id, describedBy, invalid }) =>
        render({
          id,
          value: shown,
          'aria-describedby': describedBy,
          'aria-invalid': invalid,
          onChange: (event) => setWritten(event.target.value),
          // Until then what is written is shown as it stands, so that the cursor stays where it is.
          onBlur: () => {
            store()
            if (!isEmpty) setWritten(null)
          },
        })
      }
    </Field>
  )
}
