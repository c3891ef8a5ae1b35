import { useMemo } from 'react'
import type { Staleness } from '@/components/canvas/canvas-store'
import { useRunView } from '@/components/runs/run-store'
import type { FlowDocument } from '@/flow/document'
import { kinds } from '@/nodes/definitions'
import { staleNodes } from './stale'

const none: ReadonlyMap<string, Staleness> = new Map()

/** What the run on the canvas tells that the drawing no longer says. */
export function useStale(drawn: FlowDocument): ReadonlyMap<string, Staleness> {
  const ran = useRunView((view) => view.document)
  const steps = useRunView((view) => view.overlay.steps)
  const isEmpty = useRunView((view) => view.events.length === 0)
  return useMemo(
    () => (ran === null || isEmpty ? none : staleNodes(ran, drawn, (node) => steps.has(node), kinds)),
    [ran, drawn, steps, isEmpty],
  )
}
