import type { FlowEdge, FlowNode } from '../document'
import type { Graph } from '../graph'
import type { Problem } from '../problem'
import { targetsOf } from '../target'
import { nameOf } from './names'

/** Jumps to where a run cannot go on: themselves, the other side of a container's border, another branch. */
export function jumpProblems(graph: Graph): Problem[] {
  return graph.document.nodes.flatMap((node, index) => {
    const definition = graph.definition(node.id)
    if (!definition || graph.node(node.id) !== node) return []
    return targetsOf(node, definition).flatMap(({ key, id }): Problem[] => {
      const target = graph.node(id)
      const wrong = target && whyNot(graph, node, target)
      if (!wrong) return []
      return [{ severity: 'error', node: node.id, path: ['nodes', index, 'config', key], ...wrong }]
    })
  })
}

function whyNot(graph: Graph, node: FlowNode, target: FlowNode): Pick<Problem, 'code' | 'message'> | null {
  const [from, to] = [nameOf(graph, node.id), nameOf(graph, target.id)]
  if (target.id === node.id)
    return { code: 'jump_to_itself', message: `${from} jumps to itself. Choose another step.` }
  if (target.parent !== node.parent) {
    return {
      code: 'jump_out_of_container',
      message: `${from} jumps to ${to} across the border of a container. Choose a step that stands beside it.`,
    }
  }
  for (const fork of graph.upstream(node.id)) {
    const merge = leaves(graph, fork, node.id, target.id)
    if (merge === null) continue
    return {
      code: 'jump_out_of_branch',
      message: `${from} is in one of the branches that leave ${nameOf(graph, fork)} together${
        merge === '' ? '' : ` and meet at ${nameOf(graph, merge)}`
      }, and ${to} is not in that branch. Choose a step of the same branch, or put the jump behind where they meet.`,
    }
  }
  return null
}

/**
 * Whether a jump leaves its branch: of a node whose ways are taken together, it is on one alone, and the target is not on
 * that. Gives the node where they meet, '' when they are branches by name and never do; null when it does not leave.
 * Lines that only happen to leave one port, and never meet, are no branches: nothing waits for what is on them.
 */
function leaves(graph: Graph, fork: string, jump: string, target: string): string | null {
  const ways = graph.outgoing(fork)
  if (ways.length < 2) return null
  const mine = ways.filter((way) => reach(graph, way).has(jump))
  const [own] = mine
  if (!own || mine.length > 1) return null
  const isNamed = graph.definition(fork)?.branchLimit !== undefined
  const others = ways.filter((way) => way !== own && (isNamed || way.port === own.port))
  const branch = reach(graph, own)
  const meeting = [...branch].find((node) => others.some((way) => reach(graph, way).has(node)))
  if (others.length === 0 || (meeting === undefined && !isNamed)) return null
  const isInside = branch.has(target) && !others.some((way) => reach(graph, way).has(target))
  return isInside ? null : (meeting ?? '')
}

/** All that a line leads to, near ones first. */
function reach(graph: Graph, { to }: FlowEdge): ReadonlySet<string> {
  return new Set([to, ...graph.downstream(to)])
}
