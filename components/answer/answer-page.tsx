'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { CircleCheck, Clock, Link2Off, Lock } from 'lucide-react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { AskForm } from '@/components/runs/ask-form'
import { dateTimeWords } from '@/components/runs/run-words'
import { usePageTitle } from '@/components/session/page-title'
import { EmptyState } from '@/components/ui/empty-state'

/** Where whoever has the link answers what a run asks. Nothing of the workspace but the flow's name. */
export function AnswerPage({ token }: { token: string }) {
  const api = useTRPC()
  const asked = useQuery(api.asks.get.queryOptions({ token }))
  usePageTitle(asked.data?.title)
  return (
    <main aria-busy={asked.isPending} className="grid min-h-dvh place-items-center p-4">
      {asked.data ? (
        <Question token={token} asked={asked.data} onAnswered={() => void asked.refetch()} />
      ) : !asked.isError ? null : failureOf(asked.error).code === 'NOT_FOUND' ? (
        <EmptyState icon={<Link2Off />} title="Nothing is asked here">
          The link was not copied as a whole, or what it was about is gone. Ask the person who sent it.
        </EmptyState>
      ) : (
        <LoadFailed
          title="The question could not be loaded"
          error={asked.error}
          onRetry={() => void asked.refetch()}
        />
      )}
    </main>
  )
}

function Question(props: { token: string; asked: ApiOutput['asks']['get']; onAnswered: () => void }) {
  const { token, asked, onAnswered } = props
  const api = useTRPC()
  const answer = useMutation(api.asks.answer.mutationOptions({ onSettled: onAnswered }))
  if (answer.isSuccess || asked.status === 'answered') {
    return (
      <EmptyState icon={<CircleCheck />} title="This is answered">
        {asked.person === null
          ? `“${asked.title}” has its answer, and ${asked.flowName} goes on.`
          : answer.isSuccess
            ? `Your answer to “${asked.title}” was taken.`
            : `Nothing more is asked of you about “${asked.title}”.`}{' '}
        You can close this page.
      </EmptyState>
    )
  }
  if (asked.status === 'over') {
    return (
      <EmptyState icon={<Clock />} title="The time to answer is over">
        “{asked.title}” is not asked any more: {asked.flowName} went on without an answer.
      </EmptyState>
    )
  }
  return (
    <section
      aria-labelledby="question"
      className="bg-surface border-line flex w-full max-w-lg flex-col gap-4 rounded-lg border p-6 shadow-sm"
    >
      <header>
        <p className="text-ink-faint text-xs">{asked.flowName}</p>
        <h1 id="question" className="mt-1 text-lg font-semibold">
          {asked.title}
        </h1>
        {asked.message && <p className="text-ink-muted mt-2 whitespace-pre-wrap">{asked.message}</p>}
        {asked.deadline && (
          <p className="text-ink-faint mt-2 text-xs">Until {dateTimeWords(asked.deadline)}</p>
        )}
      </header>
      {asked.people.length > 0 && asked.person === null ? (
        <p className="text-ink-muted flex items-center gap-2">
          <Lock className="size-4" aria-hidden /> Only {asked.people.join(', ')} can answer this, signed in or
          by a link of their own.
        </p>
      ) : (
        <>
          {asked.person !== null && <p className="text-ink-muted">You answer as {asked.person}.</p>}
          <AskForm
            schema={asked.schema}
            choices={asked.choices}
            isSending={answer.isPending}
            send={(given) => answer.mutate({ token, answer: given })}
          />
        </>
      )}
      {answer.isError && (
        <p role="alert" className="text-status-failed">
          {failureOf(answer.error).message}
        </p>
      )}
    </section>
  )
}
