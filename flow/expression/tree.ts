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
type TreePair = [TreeNode, TreeNode]
interface TreeStage {
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
const places = Array.from({ length: 8 }, (_, bits): Place => ({
  relative: (bits & 1) > 0,
  optional: (bits & 2) > 0,
  lazy: (bits & 4) > 0,
}))
function placeOf(relative: boolean, optional: boolean, lazy: boolean): Place {
  return places[(relative ? 1 : 0) + (optional ? 2 : 0) + (lazy ? 4 : 0)] ?? { relative, optional, lazy }
}

/** Where a node hangs, so that another can be put in its stead with `Reflect.set`. The top hangs nowhere. */
export interface Slot {
  holder: object
  key: string | number
}

/** Called for each node before its parts. Holder and key are those of its Slot; one visit makes no object. */
export type Visit = (node: TreeNode, place: Place, holder?: object, key?: string | number) => void

/** Walks a tree, telling how each part is reached. The copies that jsonata makes for defaults are passed over. */
export function walk(tree: TreeNode, visit: Visit): void {
  walkNode(tree, visit, placeOf(false, false, false))
}

function walkNode(node: TreeNode, visit: Visit, place: Place, holder?: object, key?: string | number): void {
  visit(node, place, holder, key)
  if (node.steps) walkSteps(node.steps, visit, place)
  if (node.predicate) walkStages(node.predicate, visit, place)
  if (node.stages) walkStages(node.stages, visit, place)
  if (node.group) walkPairs(node.group.lhs, visit, itemOf(place))
  if (node.terms) {
    for (const term of node.terms) walkNode(term.expression, visit, itemOf(place), term, 'expression')
  }
  if (node.expressions) walkList(node.expressions, visit, place)
  if (Array.isArray(node.lhs)) walkPairs(node.lhs, visit, place)
  else if (node.lhs) walkNode(node.lhs, visit, appliesExists(node) ? optionalOf(place) : place, node, 'lhs')
  if (node.rhs) {
    const isDecided = node.type === 'binary' && (node.value === 'and' || node.value === 'or')
    walkNode(node.rhs, visit, isDecided ? lazyOf(place) : place, node, 'rhs')
  }
  if (node.expression) walkNode(node.expression, visit, place, node, 'expression')
  if (node.type === 'condition') walkCondition(node, visit, place)
  if (node.procedure) walkNode(node.procedure, visit, place, node, 'procedure')
  if (node.arguments && node.type !== 'lambda') {
    walkList(node.arguments, visit, isExists(node) ? optionalOf(place) : place)
  }
  if (node.body) walkNode(node.body, visit, lazyOf(place), node, 'body')
  if (node.pattern) walkNode(node.pattern, visit, itemOf(place), node, 'pattern')
  if (node.update) walkNode(node.update, visit, itemOf(place), node, 'update')
  if (node.delete) walkNode(node.delete, visit, itemOf(place), node, 'delete')
}

function itemOf(place: Place): Place {
  return placeOf(true, place.optional, true)
}
function optionalOf(place: Place): Place {
  return placeOf(place.relative, true, place.lazy)
}
function lazyOf(place: Place): Place {
  return placeOf(place.relative, place.optional, true)
}

function walkSteps(steps: TreeNode[], visit: Visit, place: Place): void {
  steps.forEach((step, index) => walkNode(step, visit, index === 0 ? place : itemOf(place), steps, index))
}

function walkStages(stages: TreeStage[], visit: Visit, place: Place): void {
  for (const stage of stages) if (stage.expr) walkNode(stage.expr, visit, itemOf(place), stage, 'expr')
}

function walkList(list: TreeNode[], visit: Visit, place: Place): void {
  list.forEach((part, index) => walkNode(part, visit, place, list, index))
}

function walkPairs(pairs: TreePair[], visit: Visit, place: Place): void {
  for (const pair of pairs) {
    walkNode(pair[0], visit, place, pair, 0)
    walkNode(pair[1], visit, place, pair, 1)
  }
}

function walkCondition(node: TreeNode, visit: Visit, place: Place): void {
  const isDefault = isDefaultOperator(node)
  if (node.condition && !isDefault) walkNode(node.condition, visit, place, node, 'condition')
  if (node.then) walkNode(node.then, visit, isDefault ? optionalOf(place) : lazyOf(place), node, 'then')
  if (node.else) walkNode(node.else, visit, lazyOf(place), node, 'else')
}

/**
 * Whether a condition was written `a ?: b` or `a ?? b`. jsonata turns them into `a ? a : b` and `$exists(a) ? a : b`
 * with a copy of `a`, which keeps its offsets; two operands written by hand cannot stand at the same place.
 */
function isDefaultOperator(node: TreeNode): boolean {
  if (node.type !== 'condition' || !node.condition || !node.then || !node.else) return false
  return firstPosition(node.condition) === firstPosition(node.then)
}

/** The least offset of any token within, which tells operands apart. */
function firstPosition(node: TreeNode): number {
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
