'use client'

import { Wrench } from 'lucide-react'
import { useCommandContext } from '@/components/commands/use-commands'
import { canContinue } from '@/components/runs/continue'
import { useRunView } from '@/components/runs/run-store'
import { Button } from '@/components/ui/button'
import type { StepId } from '@/flow/run/step-id'
import { useVerbs } from './editor-verbs'

/** Under a step that a run failed at: opens its settings, with what it was given to look at. */
export function FixButton({ node, step }: { node: string; step: StepId }) {
  const mayContinue = useRunView(canContinue)
  const { runs } = useCommandContext()
  const verbs = useVerbs()
  if (!mayContinue) return null
  return (
    <Button
      size="xs"
      variant="primary"
      onClick={(event) => {
        event.stopPropagation()
        runs.choose(step)
        verbs.openSettings(node)
      }}
    >
      <Wrench /> Fix and continue
    </Button>
  )
}
