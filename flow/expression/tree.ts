/**
 * jsonata's syntax tree as its parser leaves it (2.2.2): what this folder reads of it. `position` is the offset
 * behind the token that made the node, so a name's beginning is found through the token that ends there.
 */
export interface TreeNode {
  type: string
  value?: unknown
  position?: number
  /** path */
  steps?: TreeNode[]
  /** block, array */
  expressions?: TreeNode[]
  /** An object's pairs, or the left operand. */
  lhs?: TreeNode | TreePair[]
  rhs?: TreeNode
  /** unary minus */
  expression?: TreeNode
  condition?: TreeNode
  then?: TreeNode
  else?: TreeNode
  procedure?: TreeNode
  arguments?: TreeNode[]
  body?: TreeNode
  pattern?: TreeNode
  update?: TreeNode
  delete?: TreeNode
  predicate?: TreeStage[]
  stages?: TreeStage[]
  group?: { lhs: TreePair[] }
  /** sort */
  terms?: { expression: TreeNode }[]
  /** Names bound by `@$name` and `#$name`. */
  focus?: string
  index?: string
  /** A lambda that stands for a tail call. */
  thunk?: boolean
  tuple?: boolean
  keepArray?: boolean
  keepSingletonArray?: boolean
}
export type TreePair = [TreeNode, TreeNode]
export interface TreeStage {
  type: string
  expr?: TreeNode
  value?: unknown
}

/** How a part of an expression is reached. */
export interface Place {
  /** Names are looked up in an item instead of the root: behind a dot, in a predicate, a group or a sort term. */
  relative: boolean
  /** Within `$exists(…)` or on the left of a default: may be missing. */
  optional: boolean
  /** May not be evaluated at all, or only for some items. */
  lazy: boolean
}
export const topPlace: Place = { relative: false, optional: false, lazy: false }

/** Called for each node before its parts; `replace` puts another node in its stead (not for the top). */
export type Visit = (node: TreeNode, place: Place, replace?: (node: TreeNode) => void) => void

/** Walks a tree, telling how each part is reached. The copies that jsonata makes for defaults are passed over. */
export function walk(node: TreeNode, visit: Visit, place = topPlace, replace?: (node: TreeNode) => void) {
  visit(node, place, replace)
  const item: Place = { ...place, relative: true, lazy: true }
  const child = (part: TreeNode | undefined, at: Place, set: (node: TreeNode) => void) => {
    if (part) walk(part, visit, at, set)
  }
  const list = (parts: TreeNode[] | undefined, at: Place) =>
    parts?.forEach((part, index) => walk(part, visit, at, (other) => (parts[index] = other)))
  const pairs = (lhs: TreePair[], at: Place) =>
    lhs.forEach((pair) => {
      walk(pair[0], visit, at, (other) => (pair[0] = other))
      walk(pair[1], visit, at, (other) => (pair[1] = other))
    })

  node.steps?.forEach((step, index, steps) =>
    walk(step, visit, index === 0 ? place : item, (other) => (steps[index] = other)),
  )
  for (const stage of [...(node.predicate ?? []), ...(node.stages ?? [])]) {
    child(stage.expr, item, (other) => (stage.expr = other))
  }
  if (node.group) pairs(node.group.lhs, item)
  node.terms?.forEach((term) => walk(term.expression, visit, item, (other) => (term.expression = other)))
  list(node.expressions, place)
  if (Array.isArray(node.lhs)) pairs(node.lhs, place)
  else
    child(node.lhs, appliesExists(node) ? { ...place, optional: true } : place, (other) => (node.lhs = other))
  const rhs = node.type === 'binary' && (node.value === 'and' || node.value === 'or')
  child(node.rhs, rhs ? { ...place, lazy: true } : place, (other) => (node.rhs = other))
  child(node.expression, place, (other) => (node.expression = other))
  walkCondition(node, visit, place)
  child(node.procedure, place, (other) => (node.procedure = other))
  list(
    node.type === 'lambda' ? undefined : node.arguments,
    isExists(node) ? { ...place, optional: true } : place,
  )
  child(node.body, { ...place, lazy: true }, (other) => (node.body = other))
  child(node.pattern, item, (other) => (node.pattern = other))
  child(node.update, item, (other) => (node.update = other))
  child(node.delete, item, (other) => (node.delete = other))
}

function walkCondition(node: TreeNode, visit: Visit, place: Place) {
  if (node.type !== 'condition') return
  const isDefault = isDefaultOperator(node)
  if (node.condition && !isDefault) walk(node.condition, visit, place, (other) => (node.condition = other))
  const left = isDefault ? { ...place, optional: true } : { ...place, lazy: true }
  if (node.then) walk(node.then, visit, left, (other) => (node.then = other))
  if (node.else) walk(node.else, visit, { ...place, lazy: true }, (other) => (node.else = other))
}

/**
 * Whether a condition was written `a ?: b` or `a ?? b`. jsonata turns them into `a ? a : b` and `$exists(a) ? a : b`
 * with a copy of `a`, which keeps its offsets; two operands written by hand cannot stand at the same place.
 */
export function isDefaultOperator(node: TreeNode): boolean {
  if (node.type !== 'condition' || !node.condition || !node.then || !node.else) return false
  return firstPosition(node.condition) === firstPosition(node.then)
}

/** The least offset of any token within, which tells operands apart. */
export function firstPosition(node: TreeNode): number {
  let first = Number.POSITIVE_INFINITY
  const pending: unknown[] = [node]
  while (pending.length > 0) {
    const part = pending.pop()
    if (typeof part !== 'object' || part === null || part instanceof RegExp) continue
    for (const [key, value] of Object.entries(part)) {
      if (key === 'position' && typeof value === 'number') first = Math.min(first, value)
      else if (typeof value === 'object') pending.push(value)
    }
  }
  return first
}

function isExists(node: TreeNode): boolean {
  return node.type === 'function' && isVariable(node.procedure, 'exists')
}

/** `x ~> $exists` or `x ~> $exists()`. */
function appliesExists(node: TreeNode): boolean {
  return node.type === 'apply' && !!node.rhs && (isVariable(node.rhs, 'exists') || isExists(node.rhs))
}

export function isVariable(node: TreeNode | undefined, name: string): boolean {
  return node?.type === 'variable' && node.value === name
}
