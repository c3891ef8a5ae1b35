'use client'

import { useMutation } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { toast } from '@/components/ui/toaster'
import type { Json } from '@/flow/json'
import type { Wait } from '@/flow/kind'
import { Fact } from './fact'
import { JsonArea } from './json-area'
import { useRunView } from './run-store'
import { dateTimeWords } from './run-words'

/** The event that a step waits for, and a way to send it by hand, for trying a flow out. */
export function EventWait({ wait, canSend }: { wait: Extract<Wait, { for: 'event' }>; canSend: boolean }) {
  const isPast = useRunView((view) => view.position !== null)
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-[6.5rem_1fr] gap-y-1.5 text-sm">
        <Fact name="Waits for">
          <span className="font-mono text-xs">{wait.name}</span>
        </Fact>
        {wait.key !== undefined && (
          <Fact name="With the key">
            <span className="font-mono text-xs">{wait.key}</span>
          </Fact>
        )}
        {wait.deadline && <Fact name="Until">{dateTimeWords(wait.deadline)}</Fact>}
      </dl>
      {canSend && !isPast && <SendForm wait={wait} />}
    </div>
  )
}

function SendForm({ wait }: { wait: Extract<Wait, { for: 'event' }> }) {
  const api = useTRPC()
  const [data, setData] = useState<Json | undefined>({})
  const { mutate, isPending } = useMutation(
    api.runs.sendEvent.mutationOptions({
      onSuccess: ({ delivered }) => {
        if (delivered === 0) toast.error('Nobody waits for this event any more')
      },
      onError: (error) => toast.error('The event was not sent', { description: failureOf(error).message }),
    }),
  )
  return (
    <form
      className="flex flex-col gap-2.5"
      onSubmit={(event) => {
        event.preventDefault()
        const key = wait.key === undefined ? {} : { key: wait.key }
        mutate({ name: wait.name, ...key, data: data ?? null })
      }}
    >
      <Field label="Data of the event" help="Everything that waits for this event hears of it.">
        {({ id, describedBy }) => (
          <JsonArea id={id} aria-describedby={describedBy} value={data ?? null} onChange={setData} rows={4} />
        )}
      </Field>
      <Button type="submit" size="sm" disabled={isPending || data === undefined} className="self-start">
        <Send /> Send it now
      </Button>
    </form>
  )
}
