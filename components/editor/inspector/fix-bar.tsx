'use client'

import { RotateCw } from 'lucide-react'
import { useCommandContext } from '@/components/commands/use-commands'
import { canContinue } from '@/components/runs/continue'
import { useRunView, useShownStep } from '@/components/runs/run-store'
import { runName } from '@/components/runs/run-words'
import { StepError } from '@/components/runs/step-error'
import { Button } from '@/components/ui/button'

/** Over the settings of a step that the opened run failed at, or was stopped at: what happened, and the way on. */
export function FixBar({ node }: { node: string }) {
  const step = useShownStep(node)
  const mayContinue = useRunView(canContinue)
  const number = useRunView((view) => view.latest?.number ?? 0)
  const isPast = useRunView((view) => view.position !== null)
  const { run } = useCommandContext()
  if (!step || !mayContinue || isPast || (step.status !== 'failed' && step.status !== 'cancelled'))
    return null
  return (
    <section aria-label="Fix and continue" className="border-line flex flex-col gap-2.5 border-b pb-4">
      {step.error ? (
        <StepError error={step.error} />
      ) : (
        <p className="text-ink-muted">{runName(number)} was stopped while this step was at work.</p>
      )}
      <p className="text-ink-muted text-xs">
        Change the settings below: the values under the fields are those that this step was given. Then let{' '}
        {runName(number).toLowerCase()} go on from here; what came before is kept.
      </p>
      <Button variant="primary" size="sm" className="self-start" onClick={() => run.continueFrom(step.id)}>
        <RotateCw /> Save and continue {runName(number).toLowerCase()}
      </Button>
    </section>
  )
}
