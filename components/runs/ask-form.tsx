'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import type { Json, JsonObject } from '@/flow/json'
import { choiceAnswer, choiceWords } from './answer'
import { SchemaForm } from './schema-form'
import { blankOf, problemsOf } from './schema-value'

interface Sending {
  send: (answer: Json) => void
  isSending: boolean
}

/** What a person is asked: the fields of a schema, or one of some choices with a comment, or one text. */
export function AskForm({
  schema,
  choices = [],
  ...sending
}: Sending & { schema?: JsonObject | null; choices?: readonly string[] }) {
  return schema ? (
    <FieldsAnswer schema={schema} {...sending} />
  ) : (
    <ChoiceAnswer choices={choices} {...sending} />
  )
}

function ChoiceAnswer({ choices, send, isSending }: Sending & { choices: readonly string[] }) {
  const [comment, setComment] = useState('')
  if (choices.length === 0) {
    return (
      <form
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault()
          send(comment)
        }}
      >
        <Field label="Answer">
          {({ id }) => (
            <Textarea id={id} value={comment} onChange={(event) => setComment(event.target.value)} />
          )}
        </Field>
        <Button type="submit" variant="primary" disabled={isSending || comment === ''} className="self-start">
          Answer
        </Button>
      </form>
    )
  }
  return (
    <div className="flex flex-col gap-2.5">
      <Field label="Comment" aside={<span className="text-ink-faint">optional</span>}>
        {({ id }) => (
          <Textarea id={id} rows={2} value={comment} onChange={(event) => setComment(event.target.value)} />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        {choices.map((choice, index) => (
          <Button
            key={choice}
            variant={index === 0 ? 'primary' : 'outline'}
            disabled={isSending}
            onClick={() => send(choiceAnswer(choice, comment))}
          >
            {choiceWords(choice)}
          </Button>
        ))}
      </div>
    </div>
  )
}

function FieldsAnswer({ schema, send, isSending }: Sending & { schema: JsonObject }) {
  const [value, setValue] = useState<Json>(() => blankOf(schema))
  const [isTried, setTried] = useState(false)
  const problems = isTried ? problemsOf(schema, value) : []
  return (
    <form
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (problemsOf(schema, value).length === 0) send(value)
      }}
    >
      <SchemaForm schema={schema} value={value} onChange={setValue} problems={problems} />
      <Button type="submit" variant="primary" disabled={isSending} className="self-start">
        Send answer
      </Button>
    </form>
  )
}
