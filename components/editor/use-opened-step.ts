import { useSearchParams } from 'next/navigation'
import { useEffect } from 'react'
import { useRunStore, useRunView } from '@/components/runs/run-store'
import { parseStepId } from '@/flow/run/step-id'
import type { EditorVerbs } from './editor-verbs'

/** A link may lead to a step of a run (`?run=…&step=…`): its settings are opened once, as soon as the run is there. */
export function useOpenedStep(verbs: EditorVerbs): void {
  const step = useSearchParams().get('step')
  const runs = useRunStore()
  const isThere = useRunView((view) => step !== null && view.latest?.steps.has(step) === true)
  useEffect(() => {
    if (step === null || !isThere) return
    runs.choose(step)
    verbs.openSettings(parseStepId(step).node)
    const url = new URL(window.location.href)
    url.searchParams.delete('step')
    window.history.replaceState(null, '', url)
  }, [step, isThere, runs, verbs])
}
