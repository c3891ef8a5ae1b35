import { useMemo } from 'react'
import { useRunStore, useRunView, useShownStep } from '@/components/runs/run-store'
import { graphOf } from '@/flow/graph'
import type { JsonObject } from '@/flow/json'
import { rootOf } from '@/flow/run/root'
import { kinds } from '@/nodes/definitions'

/** What the expressions of a node saw in the run on the canvas: of the step that is picked or stands for it; null when it did not begin. */
export function useRecordedRoot(node: string): JsonObject | null {
  const store = useRunStore()
  const step = useShownStep(node)
  const document = useRunView((view) => view.document)
  const id = step && step.status !== 'skipped' ? step.id : null
  return useMemo(() => {
    const before = id === null ? null : store.stateBefore(id)
    if (!before || !document || id === null) return null
    const runId = store.getState().runId ?? ''
    return rootOf(graphOf(document, kinds), before, id, { runId, vars: {} })
  }, [store, document, id])
}
