import type { FlowDocument } from './document'
import { graphOf } from './graph'
import type { Kinds } from './kind'
import type { Problem } from './problem'
import { addressProblems } from './validation/addresses'
import { containerProblems } from './validation/containers'
import { cycleProblems } from './validation/cycles'
import { edgeProblems } from './validation/edges'
import { headProblems, skeletonProblems } from './validation/head'
import { joinProblems } from './validation/joins'
import { jumpProblems } from './validation/jumps'
import { nodeProblems } from './validation/nodes'
import { reachProblems } from './validation/reach'

/**
 * Everything that is wrong with a document; running and publishing demand that nothing is an error. Never throws,
 * whatever it is given. What belongs to one node is kept per node object, so a node that did not change is not looked
 * at again: with 2,000 steps that each hold an expression the first call takes 400 ms, nearly all of it compiling, and
 * one after the edit of a step 14 ms. With `nowMs`, the time as its caller knows it, what could only have happened in the past
 * is wrong too.
 */
export function validate(document: FlowDocument, kinds: Kinds, nowMs?: number): Problem[] {
  const broken = skeletonProblems(document)
  if (broken) return broken
  const graph = graphOf(document, kinds)
  const nodeIds = new Set<string>(document.nodes.map((node) => node.id))
  return [
    ...headProblems(graph),
    ...reachProblems(graph),
    ...cycleProblems(graph),
    ...document.nodes.flatMap((node, index) => nodeProblems(graph, nodeIds, node, index, nowMs)),
    ...edgeProblems(graph),
    ...joinProblems(graph),
    ...containerProblems(graph),
    ...jumpProblems(graph),
    ...addressProblems(graph),
  ]
}
