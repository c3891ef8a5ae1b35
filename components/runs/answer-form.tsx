'use client'

import { Button } from '@/components/ui/button'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import type { Wait } from '@/flow/kind'
import type { StepId } from '@/flow/run/step-id'
import { choiceAnswer, choiceWords, useAnswer } from './answer'
import { AnswerLink } from './answer-link'
import { AskedPeople } from './asked-people'
import { AskForm } from './ask-form'
import { EventWait } from './event-wait'
import { useRunView } from './run-store'
import { dateTimeWords } from './run-words'

type AnswerWait = Extract<Wait, { for: 'answer' }>

/** Everything that a waiting step asks a person: one of some choices with a comment, or the fields of a schema. */
export function AnswerForm({ step, wait }: { step: StepId; wait: AnswerWait }) {
  const isPast = useRunView((view) => view.position !== null)
  const token = useRunView((view) => view.latest?.steps.get(step)?.token)
  const sending = useAnswer(step)
  const people = wait.people ?? []
  return (
    <div className="flex flex-col gap-2.5">
      <div>
        <p className="font-semibold">{wait.title}</p>
        {wait.message && <p className="text-ink-muted mt-0.5 whitespace-pre-wrap">{wait.message}</p>}
        {isPast && people.length > 0 && (
          <p className="text-ink-faint mt-1 text-xs">For {people.join(', ')}</p>
        )}
        {wait.deadline && <p className="text-ink-faint text-xs">Until {dateTimeWords(wait.deadline)}</p>}
      </div>
      {isPast ? (
        <p className="text-ink-faint text-xs">
          You are looking at the past. Go back to the live end to answer.
        </p>
      ) : (
        <>
          <AskForm key={step} schema={wait.schema} choices={wait.choices} {...sending} />
          {people.length > 0 ? (
            <AskedPeople step={step} people={people} />
          ) : (
            token && <AnswerLink token={token} />
          )}
        </>
      )}
    </div>
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
