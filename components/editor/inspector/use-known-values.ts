import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { useRunView } from '@/components/runs/run-store'
import { visibleOutputs } from '@/flow/run/root'
import { topScope } from '@/flow/run/step-id'
import type { Known } from './sample-root'

/** Values of the run on the canvas, or of the flow's newest run; null when it has never run. */
export function useKnownValues(flowId: string): Known | null {
  const api = useTRPC()
  const shown = useRunView((view) => view.shown)
  const last = useQuery(api.runs.lastOutputs.queryOptions({ flow: flowId }, { staleTime: 30_000 }))
  return useMemo(() => {
    if (shown && shown.outputs.size > 0) {
      return { trigger: shown.trigger, state: shown.state, steps: visibleOutputs(shown, topScope) }
    }
    return last.data ?? null
  }, [shown, last.data])
}
