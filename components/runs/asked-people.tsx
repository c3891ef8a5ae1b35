'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { useMayManage } from '@/components/settings/use-may-manage'
import { IconButton } from '@/components/ui/icon-button'
import { toast } from '@/components/ui/toaster'
import type { StepId } from '@/flow/run/step-id'
import { copyLink } from './copy-link'
import { useRunView } from './run-store'

type AskedPerson = ApiOutput['asks']['people'][number]

/** Votes and mails come in while one looks. */
const lookMs = 5_000

/** The people whom a waiting step asks by name: who has answered, whose mail was sent, and for admins the link of each. */
export function AskedPeople({ step, people }: { step: StepId; people: readonly string[] }) {
  const run = useRunView((view) => view.runId) ?? ''
  const api = useTRPC()
  const asked = useQuery(
    api.asks.people.queryOptions({ run, step }, { enabled: run !== '', refetchInterval: lookMs }),
  )
  const mayManage = useMayManage()
  const link = useMutation(
    api.asks.link.mutationOptions({
      onSuccess: ({ url }, { person }) => copyLink(url, `Whoever has it answers as ${person}, once.`),
      onError: (error) => toast.error('There is no link', { description: failureOf(error).message }),
    }),
  )
  return (
    <ul aria-label="Asked are" className="flex flex-col text-xs">
      {people.map((person) => {
        const known = asked.data?.find((one) => one.person === person)
        return (
          <li key={person} className="flex min-h-6 items-center gap-2">
            <span className="min-w-0 truncate">{person}</span>
            <span className={known?.mail === 'failed' ? 'text-status-failed' : 'text-ink-faint'}>
              {standingOf(known)}
            </span>
            {mayManage && known && !known.hasAnswered && (
              <IconButton
                label={`Copy the link for ${person}`}
                className="ml-auto"
                disabled={link.isPending}
                onClick={() => link.mutate({ run, step, person })}
              >
                <Link2 />
              </IconButton>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function standingOf(asked: AskedPerson | undefined): string {
  if (!asked) return ''
  if (asked.hasAnswered) return 'has answered'
  switch (asked.mail) {
    case 'sent':
      return 'was sent a link'
    case 'failed':
      return `was not sent a link: ${asked.problem ?? ''}`
    case 'sending':
      return asked.problem === null ? 'is being sent a link' : 'may have been sent a link'
    case null:
      return asked.problem === null ? '' : `will be sent a link: ${asked.problem}`
  }
}
