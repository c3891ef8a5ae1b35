import type { FlowDocument } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import { kinds } from '@/nodes/definitions'
import { lookOf } from './node-look'

/** Why a line from this port to that node makes no sense, in a sentence for the person who draws it; null when it does. */
export function connectionProblem(
  document: FlowDocument,
  from: string,
  port: string,
  to: string,
): string | null {
  const source = document.nodes.find((node) => node.id === from)
  const target = document.nodes.find((node) => node.id === to)
  if (!source || !target) return 'Draw the line to a step.'
  if (from === to) return 'A step cannot follow itself.'
  const sourceLook = lookOf(source)
  const targetLook = lookOf(target)
  if (!targetLook.hasInput) return `${targetLook.name} starts runs: nothing can lead to it.`
  if (sourceLook.ports.length === 0) return `${sourceLook.name} ends the run: nothing can follow it.`
  if (!sourceLook.ports.some((each) => each.name === port))
    return `${sourceLook.name} has no output “${port}”.`
  if (document.edges.some((edge) => edge.from === from && edge.port === port && edge.to === to))
    return 'These two are already connected.'
  if (source.parent !== target.parent)
    return 'A line cannot cross the border of a container: connect the container itself.'
  if (graphOf(document, kinds).downstream(to).has(from))
    return 'This would form a circle. Use a Jump or Loop step to go back.'
  return null
}
