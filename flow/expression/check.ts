import type { FlowNode } from '../document'
import type { KindDefinition } from '../kind'
import type { Problem } from '../problem'
import { expressionsOf } from './fields'
import { functionList } from './function-list'
import { slipsOf } from './hints'
import { parseExpression, type Compiled } from './parse'
import { isRootName, stepSegment } from './references'
import { pathText } from './requirement'
import type { Spot } from './spots'
import { walk } from './tree'

/** What is known around an expression when it is checked without running. */
export interface CheckScope {
  /** All nodes of the flow. */
  nodeIds: ReadonlySet<string>
  /** Nodes that may have run before this one. Undefined: not asked. */
  upstreamIds?: ReadonlySet<string>
  /** Inside a container, so `item` and `index` are there. */
  container?: boolean
  /** After an error port, so `error` may be there. Undefined: not asked. */
  afterError?: boolean
  form?: Spot['form']
  /** `secrets.NAME` may be used. */
  secret?: boolean
  /** Further names at the root, such as `result` in a node's `output`. */
  names?: readonly string[]
}

/** Something wrong with one expression. Offsets are 0-based in its source. */
export interface ExpressionProblem {
  code:
    | 'expression_syntax'
    | 'expression_limit'
    | 'expression_slip'
    | 'reference_unknown'
    | 'reference_not_upstream'
    | 'secret_not_allowed'
    | 'function_unknown'
  severity: 'error' | 'warning'
  message: string
  from: number
  to: number
}

/** All that can be said of an expression without running it, in the order of the source. Never throws. */
export function checkExpression(source: string, scope: CheckScope): ExpressionProblem[] {
  const parsed = parseExpression(source)
  if (!parsed.ok) {
    const { code, message, from, to } = parsed.problem
    return [{ code, severity: 'error', message, from, to }]
  }
  const { expression } = parsed
  return [
    ...referenceProblems(expression, scope),
    ...innerStepProblems(expression, scope),
    ...functionProblems(expression),
    ...slipsOf(source).map(({ from, to, message, wrong }): ExpressionProblem => ({
      code: 'expression_slip',
      severity: wrong ? 'error' : 'warning',
      message,
      from,
      to,
    })),
  ].sort((left, right) => left.from - right.from)
}

/** Problems of every expression of a node; paths begin at the node, spans are offsets in the string at the path. */
export function expressionProblems(
  node: FlowNode,
  definition: Pick<KindDefinition, 'config'>,
  scope: Omit<CheckScope, 'form' | 'secret'>,
): Problem[] {
  return expressionsOf(node, definition).flatMap((placed) => {
    const { path, source, form, secret, inside, offset, unterminated } = placed
    const place = { node: node.id, path }
    if (unterminated) {
      return {
        ...place,
        code: 'expression_syntax',
        severity: 'error' as const,
        message: 'This ${ is not closed. End the expression with }, or write $${ for a literal ${.',
        span: { from: offset - 2, to: offset + source.length },
      }
    }
    const names = path[0] === 'config' ? scope.names : [...(scope.names ?? []), 'result']
    return checkExpression(source, {
      ...scope,
      ...(inside ? { container: true } : {}),
      form,
      secret,
      names,
    }).map(({ code, severity, message, from, to }): Problem => ({
      ...place,
      code,
      severity,
      message,
      span: { from: from + offset, to: to + offset },
    }))
  })
}

function referenceProblems({ reading }: Compiled, scope: CheckScope): ExpressionProblem[] {
  return reading.paths.flatMap((path): ExpressionProblem[] => {
    const root = path.segments[0]
    if (!root) return []
    const at = { from: path.from, to: path.to }
    if (root.name === 'secrets' && !scope.secret) {
      return [problem('secret_not_allowed', 'error', at, secretSentence)]
    }
    if (!isRootName(root.name) && !scope.names?.includes(root.name)) {
      return [problem('reference_unknown', 'error', at, unknownRoot(root.name, scope))]
    }
    const needsContainer = root.name === 'item' || root.name === 'index'
    if (needsContainer && scope.container === false && !path.place.optional) {
      const message = `\`${root.name}\` is there only inside a for-each or a loop. Move this step inside one.`
      return [problem('reference_unknown', 'error', at, message)]
    }
    if (root.name === 'error' && scope.afterError === false && !path.place.optional) {
      const message = '`error` is there only after an error port. Connect one to this step.'
      return [problem('reference_unknown', 'warning', at, message)]
    }
    const step = stepSegment(path)
    return step ? stepProblems(step, path.place.optional, scope) : []
  })
}

const secretSentence =
  'Secrets can be used only in fields that are marked for them, such as headers of a request. Use the secret there.'

function stepProblems(
  step: { name: string; from: number; to: number },
  optional: boolean,
  scope: CheckScope,
): ExpressionProblem[] {
  if (!scope.nodeIds.has(step.name)) {
    const near = nearest(step.name, scope.nodeIds)
    const remedy = near ? `Did you mean \`${near}\`?` : 'Choose a step of this flow.'
    return [problem('reference_unknown', 'error', step, `There is no step \`${step.name}\`. ${remedy}`)]
  }
  if (optional || !scope.upstreamIds || scope.upstreamIds.has(step.name)) return []
  const message = `The step \`${step.name}\` does not run before this one. Connect it before, or give a default: \`… ?: …\`.`
  return [problem('reference_not_upstream', 'warning', step, message)]
}

function unknownRoot(name: string, scope: CheckScope): string {
  if (scope.nodeIds.has(name)) return `Write \`steps.${name}\` for the output of that step.`
  const known = ['input', 'trigger', 'steps', 'state', 'run', 'vars', ...(scope.names ?? [])]
  const near = nearest(name, known)
  if (near) return `\`${name}\` is unknown. Did you mean \`${near}\`?`
  return `\`${name}\` is unknown. Begin with ${known.join(', ')}; a text is written in quotes: "${name}".`
}

/** `steps.x` behind a dot or in a predicate looks for `steps` in the item. */
function innerStepProblems({ reading }: Compiled, scope: CheckScope): ExpressionProblem[] {
  return reading.inner.flatMap((segments) => {
    const [root, step] = segments
    if (root?.name !== 'steps' || !step || !scope.nodeIds.has(step.name)) return []
    const written = pathText(segments.map((segment) => segment.name))
    const message = `Here names belong to the item at hand. Write \`$$.${written}\` for the output of the step.`
    return [problem('expression_slip', 'warning', { from: root.from, to: step.to }, message)]
  })
}

/** Functions and variables that nobody has defined. */
function functionProblems({ tree, reading, tokens }: Compiled): ExpressionProblem[] {
  const bound = new Set(['', '$', ' check', 'eval'])
  walk(tree, (node) => {
    if (node.type === 'bind' && !Array.isArray(node.lhs)) bound.add(String(node.lhs?.value))
    if (node.type === 'lambda') node.arguments?.forEach((argument) => bound.add(String(argument.value)))
    if (node.focus !== undefined) bound.add(node.focus)
    if (node.index !== undefined) bound.add(node.index)
    for (const stage of node.stages ?? []) if (stage.type === 'index') bound.add(String(stage.value))
  })
  const unbound = tokens
    .filter(
      (token) =>
        token.type === 'variable' && !bound.has(token.value) && !Object.hasOwn(functionList, token.value),
    )
    .map((token) => {
      const near = nearest(token.value, Object.keys(functionList))
      const remedy = near ? `Did you mean \`$${near}\`?` : `Bind it first: \`$${token.value} := …\`.`
      return problem('function_unknown', 'error', token, `\`$${token.value}\` is unknown. ${remedy}`)
    })
  const bare = reading.calls
    .filter((call) => call.name !== 'function' && call.name !== 'λ')
    .map((call) => {
      const near = Object.hasOwn(functionList, call.name)
        ? call.name
        : nearest(call.name, Object.keys(functionList))
      const remedy = near ? `Write \`$${near}(…)\`.` : `Write \`$${call.name}(…)\` for one that you bound.`
      return problem('function_unknown', 'error', call, `Functions begin with $. ${remedy}`)
    })
  return [...unbound, ...bare]
}

function problem(
  code: ExpressionProblem['code'],
  severity: ExpressionProblem['severity'],
  { from, to }: { from: number; to: number },
  message: string,
): ExpressionProblem {
  return { code, severity, message, from, to }
}

/** The most alike of some names, when it is alike enough to be meant. */
function nearest(name: string, among: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of among) {
    if (Math.abs(candidate.length - name.length) >= least) continue
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same))
    }
    row = next
  }
  return row[right.length] ?? 0
}
