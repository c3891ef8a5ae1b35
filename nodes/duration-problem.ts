import type { FlowNode } from '@/flow/document'
import { parseDurationMs } from '@/flow/duration'
import type { Problem } from '@/flow/problem'

/** What is wrong with a duration of a node's config, at `path`: nothing when it is absent or only known at run time. */
export function durationProblems(
  duration: string | undefined,
  node: FlowNode,
  path: (string | number)[],
): Problem[] {
  if (!duration || duration.includes('${') || parseDurationMs(duration) !== null) return []
  const message = `"${duration}" is not a duration. Write a number and a unit, such as PT30S (30 seconds), PT5M (5 minutes) or P2D (2 days).`
  return [{ code: 'duration_invalid', severity: 'error', node: node.id, path, message }]
}
