import { useNodeOverlay } from '@/components/runs/run-store'
import { classNames } from '@/components/ui/class-names'
import type { FlowNode } from '@/flow/document'
import { useCanvasView } from './canvas-store'
import { lookOf } from './node-look'
import { statusLooks } from './status-look'

/** What a node shows beside its own settings: the run over it, its problems, the selection, a line that wants to lead to it. */
export function useNodeState(node: FlowNode, selected: boolean) {
  const look = lookOf(node)
  const overlay = useNodeOverlay(node.id)
  const problems = useCanvasView((view) => view.problems.get(node.id))
  const stale = useCanvasView((view) => view.stale.get(node.id))
  const lowDetail = useCanvasView((view) => view.lowDetail)
  const target = useCanvasView((view) => targetState(view.wiringTarget, view.wiring?.node, node.id))
  const isNest = useCanvasView((view) => view.nestTarget === node.id)
  const status = overlay ? statusLooks[overlay.status] : null
  const announcement = [
    look.name,
    look.title,
    node.disabled ? 'disabled' : null,
    status?.word,
    stale ? staleWords[stale] : null,
    problems ? `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}` : null,
  ]
    .filter(Boolean)
    .join(', ')
  return {
    look,
    overlay,
    problems,
    stale,
    lowDetail,
    announcement,
    isFaded: overlay?.status === 'skipped' || overlay?.status === 'cancelled' || node.disabled,
    /** Border and ring of the card or frame. */
    border: classNames(
      status?.card,
      node.disabled && 'border-dashed',
      selected && 'border-accent ring-accent/22 border-solid ring-3',
      (target === 'good' || isNest) && 'border-accent ring-accent/35 border-solid ring-3',
      target === 'bad' && 'border-status-failed ring-status-failed/25 border-solid ring-3',
    ),
  }
}

/** Why what a run tells of a step is no longer what the drawing says. */
export const staleWords = {
  changed: 'changed since this run',
  after: 'a step before it changed since this run',
} as const

function targetState(
  target: { node: string; problem: string | null } | null,
  from: string | undefined,
  node: string,
): 'good' | 'bad' | null {
  if (!target || target.node !== node || from === node) return null
  return target.problem ? 'bad' : 'good'
}
