'use client'

import { useQuery } from '@tanstack/react-query'
import { CornerLeftUp, ExternalLink } from 'lucide-react'
import Link from 'next/link'
import { useTRPC } from '@/components/api/trpc'
import type { RunParent } from '@/flow/run/event'
import type { StepState } from '@/flow/run/state'
import { RunPill } from './run-pill'
import { runName } from './run-words'

/** Runs listed under a step at most. */
const listed = 50

/** The way from a run that another one started to the step of that one. */
export function ParentLink({ parent }: { parent: RunParent }) {
  const api = useTRPC()
  const found = useQuery({ ...api.runs.get.queryOptions({ id: parent.run }), staleTime: Infinity })
  if (!found.data) return <span className="font-mono text-xs">{parent.step}</span>
  const { flow, number, document } = found.data
  return (
    <Link
      href={`/flows/${flow}/runs/${parent.run}`}
      className="text-accent inline-flex items-center gap-1 hover:underline"
    >
      <CornerLeftUp aria-hidden className="size-3" />
      {runName(number)} of {document.name || flow}
    </Link>
  )
}

/** The runs that a step started and that have ended, with the way to each. */
export function ChildRuns({ step, flow }: { step: StepState; flow: string }) {
  const { wait } = step
  if (wait?.for !== 'runs') return null
  const ended = step.resolutions.filter((each) => each.by === 'run')
  const going = wait.calls.length - ended.length
  return (
    <section aria-label="Runs that it started" className="flex flex-col gap-1.5">
      <h3 className="text-ink-muted text-xs font-medium">Runs that it started</h3>
      <ul className="flex flex-col gap-1">
        {ended.slice(0, listed).map(({ run, call, status }) => {
          const asked = wait.calls[call]
          const child = asked && 'flow' in asked ? asked.flow : flow
          const slice = asked && 'slice' in asked ? asked.slice : null
          return (
            <li key={run} className="flex items-center gap-2">
              <Link
                href={`/flows/${child}/runs/${run}`}
                className="text-accent inline-flex min-w-0 flex-1 items-center gap-1 truncate hover:underline"
              >
                <ExternalLink aria-hidden className="size-3 shrink-0" />
                {slice ? `Items ${slice.first + 1} to ${slice.first + slice.items.length}` : child}
              </Link>
              <RunPill status={status} />
            </li>
          )
        })}
      </ul>
      {going > 0 && <p className="text-ink-faint text-xs">{going} still to end.</p>}
      {ended.length > listed && <p className="text-ink-faint text-xs">… {ended.length - listed} more.</p>}
    </section>
  )
}
