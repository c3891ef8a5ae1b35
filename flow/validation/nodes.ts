import { nodeSchema, type FlowNode } from '../document'
import type { Graph } from '../graph'
import type { JsonObject } from '../json'
import { canFail, type KindDefinition } from '../kind'
import type { Problem } from '../problem'
import { shapeProblems } from '../shape'
import { targetsOf } from '../target'
import { expressionProblemsOf } from './expressions'
import { nameOf } from './names'

/** What a node's own fields say of it, whatever is around it: kept per node object. Paths begin at the node. */
interface Own {
  definition: KindDefinition | undefined
  problems: Problem[]
  /** Null when it does not parse. */
  config: JsonObject | null
}
const known = new WeakMap<FlowNode, Own>()

/** Everything wrong with one node but its edges. `index` is its place in the document. */
export function nodeProblems(
  graph: Graph,
  nodeIds: ReadonlySet<string>,
  node: FlowNode,
  index: number,
  nowMs?: number,
): Problem[] {
  const definition = graph.kinds.get(node.kind)
  const own = ownOf(node, definition)
  const found = [...own.problems, ...parentProblems(graph, node)]
  if (definition && isSound(own)) {
    found.push(
      ...expressionProblemsOf(graph, nodeIds, node, definition),
      ...targetProblems(nodeIds, node, definition),
      ...checkProblems(graph, node, definition, own.config, nowMs),
    )
  }
  if (found.length === 0) return found
  return found.map((problem) => placed(node.disabled === true ? asWarning(problem) : problem, index))
}

/** Whether a node has the shape that the schema asks for, so that the other checks can rely on it. */
export function isShaped(node: FlowNode, graph: Graph): boolean {
  return isSound(ownOf(node, graph.kinds.get(node.kind)))
}

const shapeCodes = new Set(['missing_field', 'unknown_field', 'invalid_field'])
function isSound({ problems }: Own): boolean {
  return !problems.some((problem) => shapeCodes.has(problem.code) && problem.path[0] !== 'config')
}

function placed(problem: Problem, index: number): Problem {
  return { ...problem, path: ['nodes', index, ...problem.path] }
}

/** A step that is switched off does not run, so its mistakes can wait. */
function asWarning(problem: Problem): Problem {
  const isHarmless =
    problem.path[0] === 'config' || problem.path[0] === 'output' || problem.path[0] === 'assign'
  return isHarmless ? { ...problem, severity: 'warning' } : problem
}

function ownOf(node: FlowNode, definition: KindDefinition | undefined): Own {
  const found = known.get(node)
  if (found && found.definition === definition) return found
  const problems = shapeProblems(nodeSchema, node, { path: [], node: node.id })
  let config: JsonObject | null = null
  if (!definition) problems.push(unknownKind(node))
  else {
    const parsed = definition.config.safeParse(node.config)
    if (parsed.success) config = parsed.data
    else problems.push(...shapeProblems(definition.config, node.config, { path: ['config'], node: node.id }))
    problems.push(...uselessProblems(node, definition))
  }
  const own = { definition, problems, config }
  known.set(node, own)
  return own
}

function unknownKind(node: FlowNode): Problem {
  return {
    code: 'unknown_kind',
    severity: 'error',
    node: node.id,
    path: ['kind'],
    message: `There is no kind of step called “${node.kind}” here. Replace the step by another kind, or update Millrace.`,
  }
}

/** Settings that a kind which cannot fail has no use for. */
function uselessProblems(node: FlowNode, definition: KindDefinition): Problem[] {
  if (canFail(definition)) return []
  const set = (['retry', 'timeout', 'onError'] as const).filter((key) => node[key] !== undefined)
  return set.map((key) => ({
    code: 'no_effect',
    severity: 'warning',
    node: node.id,
    path: [key],
    message: `${definition.title} never fails, so this setting does nothing. Take it away.`,
  }))
}

function parentProblems(graph: Graph, node: FlowNode): Problem[] {
  if (node.parent === undefined) return []
  const report = (code: string, message: string): Problem[] => [
    { code, severity: 'error', node: node.id, path: ['parent'], message },
  ]
  const name = nameOf(graph, node.id)
  const parent = graph.node(node.parent)
  if (!parent)
    return report('unknown_parent', `${name} is inside “${node.parent}”, which is not there. Move it out.`)
  const definition = graph.kinds.get(parent.kind)
  if (definition && !definition.container)
    return report(
      'not_a_container',
      `${name} is inside ${nameOf(graph, parent.id)}, which holds no steps. Move it out, or into a container.`,
    )
  const seen = new Set<string>()
  for (
    let at: string | undefined = node.parent;
    at !== undefined && !seen.has(at);
    at = graph.node(at)?.parent
  ) {
    if (at === node.id) return report('parent_cycle', `${name} is inside itself. Move it out.`)
    seen.add(at)
  }
  return graph.kinds.get(node.kind)?.trigger
    ? report('trigger_inside', `${name} starts runs, so it cannot be inside a container. Move it out.`)
    : []
}

function targetProblems(nodeIds: ReadonlySet<string>, node: FlowNode, definition: KindDefinition): Problem[] {
  return targetsOf(node, definition)
    .filter(({ id }) => !nodeIds.has(id))
    .map(({ key, id }) => ({
      code: 'unknown_node',
      severity: 'error',
      node: node.id,
      path: ['config', key],
      message: `There is no step “${id}”. Choose one of this flow.`,
    }))
}

/** The kind's own checks; they see the document, so nothing of them is kept. */
function checkProblems(
  graph: Graph,
  node: FlowNode,
  definition: KindDefinition,
  config: JsonObject | null,
  nowMs: number | undefined,
): Problem[] {
  if (!definition.check || config === null) return []
  return definition.check(config, node, graph.document, nowMs).map((problem) => ({
    ...problem,
    node: node.id,
    path: ['config', ...problem.path],
  }))
}
