import type { FlowNode } from '../document'
import { expressionProblems } from '../expression/check'
import { expressionsOf } from '../expression/fields'
import { referencesOf } from '../expression/references'
import type { Graph } from '../graph'
import type { KindDefinition } from '../kind'
import type { Problem } from '../problem'
import { ancestryOf } from './ancestry'

interface Checked {
  definition: KindDefinition
  surroundings: string
  problems: Problem[]
}
const known = new WeakMap<FlowNode, Checked>()
const mentioned = new WeakMap<FlowNode, { definition: KindDefinition; steps: readonly string[] }>()

/**
 * Problems of a node's expressions, paths from the node down. Kept per node object for as long as what it refers to
 * stays where it is, so that a keystroke checks one node and not all.
 */
export function expressionProblemsOf(
  graph: Graph,
  nodeIds: ReadonlySet<string>,
  node: FlowNode,
  definition: KindDefinition,
): Problem[] {
  const ancestry = ancestryOf(graph)
  const steps = stepsIn(node, definition)
  const there = steps.filter((id) => nodeIds.has(id))
  const before = there.filter((id) => ancestry.isBefore(id, node.id))
  const isInside = node.parent !== undefined
  const isAfterError = ancestry.isAfterError(node.id)
  const surroundings = `${node.id}|${isInside}|${isAfterError}|${there.join()}|${before.join()}`
  const found = known.get(node)
  if (found?.definition === definition && found.surroundings === surroundings) return found.problems
  const problems = expressionProblems(node, definition, {
    nodeIds,
    upstreamIds: new Set(before),
    container: isInside,
    afterError: isAfterError,
  })
  // What a reference to nowhere could have meant depends on all other nodes.
  const isSettled = !problems.some((problem) => problem.code === 'reference_unknown')
  if (isSettled) known.set(node, { definition, surroundings, problems })
  else known.delete(node)
  return problems
}

/** Ids that the node's expressions name as steps, each once. */
function stepsIn(node: FlowNode, definition: KindDefinition): readonly string[] {
  const found = mentioned.get(node)
  if (found?.definition === definition) return found.steps
  const steps = new Set<string>()
  for (const { source } of expressionsOf(node, definition)) {
    if (!source.includes('steps')) continue
    for (const { root, path } of referencesOf(source)) {
      const id = root === 'steps' ? path[0] : root === 'run' && path[0] === 'steps' ? path[1] : undefined
      if (id !== undefined) steps.add(id)
    }
  }
  mentioned.set(node, { definition, steps: [...steps] })
  return [...steps]
}
