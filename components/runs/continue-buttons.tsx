'use client'

import { RotateCw, Wrench } from 'lucide-react'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import type { StepState } from '@/flow/run/state'
import { canContinue, useContinue } from './continue'
import { useRunView } from './run-store'

/** The ways on from a step of a run that failed or was cancelled: as it is, or after its settings were changed. */
export function ContinueButtons({ step }: { step: StepState }) {
  const mayContinue = useRunView(canContinue)
  const isPast = useRunView((view) => view.position !== null)
  const runId = useRunView((view) => view.runId)
  const flow = useRunView((view) => view.latest?.flow)
  const isSlice = useRunView((view) => view.latest?.slice !== undefined)
  const { continueRun, isContinuing } = useContinue()
  if (!mayContinue || isPast || !runId || !flow || step.status === 'skipped') return null
  const isBroken = step.status === 'failed' || step.status === 'cancelled'
  const query = new URLSearchParams({ run: runId, step: step.id })
  return (
    <div className="flex flex-wrap gap-2">
      {isBroken && !isSlice && (
        <Button asChild size="sm" variant="primary">
          <Link href={`/flows/${flow}?${query}`}>
            <Wrench /> Fix and continue
          </Link>
        </Button>
      )}
      <Button size="sm" disabled={isContinuing} onClick={() => void continueRun(step.id)}>
        <RotateCw /> Continue from here
      </Button>
    </div>
  )
}
