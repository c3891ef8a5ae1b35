'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { Textarea } from '@/components/ui/textarea'
import type { Json } from '@/flow/json'
import type { Wait } from '@/flow/kind'
import type { StepId } from '@/flow/run/step-id'
import { choiceAnswer, choiceWords, useAnswer } from './answer'
import { EventWait } from './event-wait'
import { useRunView } from './run-store'
import { dateTimeWords } from './run-words'
import { SchemaForm } from './schema-form'
import { blankOf, problemsOf } from './schema-value'

type AnswerWait = Extract<Wait, { for: 'answer' }>

/** Everything that a waiting step asks a person: one of some choices with a comment, or the fields of a schema. */
export function AnswerForm({ step, wait }: { step: StepId; wait: AnswerWait }) {
  const isPast = useRunView((view) => view.position !== null)
  return (
    <div className="flex flex-col gap-2.5">
      <div>
        <p className="font-semibold">{wait.title}</p>
        {wait.message && <p className="text-ink-muted mt-0.5 whitespace-pre-wrap">{wait.message}</p>}
        {wait.people && wait.people.length > 0 && (
          <p className="text-ink-faint mt-1 text-xs">For {wait.people.join(', ')}</p>
        )}
        {wait.deadline && <p className="text-ink-faint text-xs">Until {dateTimeWords(wait.deadline)}</p>}
      </div>
      {isPast ? (
        <p className="text-ink-faint text-xs">
          You are looking at the past. Go back to the live end to answer.
        </p>
      ) : wait.schema ? (
        <FieldsAnswer key={step} step={step} schema={wait.schema} />
      ) : (
        <ChoiceAnswer key={step} step={step} choices={wait.choices ?? []} />
      )}
    </div>
  )
}

function ChoiceAnswer({ step, choices }: { step: StepId; choices: readonly string[] }) {
  const { send, isSending } = useAnswer(step)
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

function FieldsAnswer({ step, schema }: { step: StepId; schema: NonNullable<AnswerWait['schema']> }) {
  const { send, isSending } = useAnswer(step)
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

/** The buttons under a waiting node: its choices at once, the whole form one click away. */
export function WaitButtons({ step, wait }: { node: string; step: StepId; wait: Wait }) {
  const { send, isSending } = useAnswer(step)
  const isPast = useRunView((view) => view.position !== null)
  if (isPast) return null
  if (wait.for === 'event')
    return (
      <Popover>
        <PopoverTrigger asChild>
          <Button size="xs" variant="outline">
            Send it now…
          </Button>
        </PopoverTrigger>
        <PopoverContent aria-label={`Event ${wait.name}`} className="w-80">
          <EventWait wait={wait} canSend />
        </PopoverContent>
      </Popover>
    )
  if (wait.for !== 'answer') return null
  const choices = wait.schema ? [] : (wait.choices ?? [])
  return (
    <>
      {choices.map((choice, index) => (
        <Button
          key={choice}
          size="xs"
          variant={index === 0 ? 'primary' : 'outline'}
          disabled={isSending}
          onClick={() => send(choiceAnswer(choice, ''))}
        >
          {choiceWords(choice)}
        </Button>
      ))}
      <Popover>
        <PopoverTrigger asChild>
          <Button size="xs" variant="ghost" disabled={isSending}>
            {choices.length > 0 ? 'Comment…' : 'Answer…'}
          </Button>
        </PopoverTrigger>
        <PopoverContent aria-label={wait.title} className="max-h-96 w-80 overflow-y-auto">
          <AnswerForm step={step} wait={wait} />
        </PopoverContent>
      </Popover>
    </>
  )
}
