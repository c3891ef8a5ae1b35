import jsonata from 'jsonata'
import { compileDirect, type Direct } from './direct'
import { checkName } from './evaluation'
import { expressionLimits } from './limits'
import { readingOf, type Reading } from './paths'
import { compileRegex, hasRegexEngine, LinearRegex } from './regex'
import type { Requirement } from './requirement'
import { shapeProblem } from './source-shape'
import { RegexError, RemovedFunctionError, syntaxProblem, type SourceProblem } from './syntax-problem'
import { walk, type TreeNode } from './tree'
import { tokenize, type Token } from './tokens'

/** An expression ready to be evaluated. Immutable from outside; shared by all who hold the same source. */
export interface Compiled {
  readonly source: string
  /** Holds a lambda or a regular expression: the server evaluates it on a thread of its own, ended at 1 s. */
  readonly isolate: boolean
  readonly reading: Reading
  /** References that must lead somewhere whenever the expression is evaluated, and those that must when they are reached. */
  readonly required: { readonly always: readonly number[]; readonly all: readonly Requirement[] }
  /** Evaluates without jsonata; null when the tree holds what only jsonata knows. */
  readonly direct: Direct | null
  /** May build values out of values again and again, so what it makes is counted while it runs. */
  readonly builds: boolean
  /** Groups into an object; jsonata then writes into empty lists of its input. */
  readonly groups: boolean
  readonly tree: TreeNode
  readonly tokens: readonly Token[]
  readonly program: jsonata.Expression
  /** jsonata's own guards, read by it while it evaluates. */
  readonly guards: { timeout?: number }
}

export type Parsed = { ok: true; expression: Compiled } | { ok: false; problem: SourceProblem }

const cacheSize = 2_000
const cache = new Map<string, Parsed>()

/** Parses and checks a source. Never throws; the result is cached by source, problems too (least recently used go first). */
export function parseExpression(source: string): Parsed {
  const known = cache.get(source)
  if (known) {
    cache.delete(source)
    cache.set(source, known)
    return known
  }
  const parsed = parse(source)
  // Without the engine nobody knows yet what is wrong with a regular expression.
  const isFinal = hasRegexEngine() || !parsed.ok || !parsed.expression.isolate
  if (isFinal && source.length <= expressionLimits.sourceChars) {
    cache.set(source, parsed)
    if (cache.size > cacheSize) for (const oldest of cache.keys()) if (cache.delete(oldest)) break
  }
  return parsed
}

function parse(source: string): Parsed {
  const fail = (code: SourceProblem['code'], message: string, from = 0, to = source.length): Parsed => ({
    ok: false,
    problem: { code, message, from, to },
  })
  if (source.length > expressionLimits.sourceChars) {
    const most = expressionLimits.sourceChars.toLocaleString('en')
    return fail(
      'expression_limit',
      `An expression has at most ${most} characters. Split it over several steps.`,
    )
  }
  if (source.trim() === '') return fail('expression_syntax', 'The expression is empty.')
  const { tokens, bad } = tokenize(source)
  if (bad) return fail('expression_syntax', bad.message, bad.at)
  const shape = shapeProblem(tokens)
  if (shape) return fail('expression_limit', shape)
  try {
    return { ok: true, expression: compile(source, tokens) }
  } catch (error) {
    if (error instanceof RangeError) return fail('expression_limit', 'The expression is nested too deeply.')
    return { ok: false, problem: syntaxProblem(source, tokens, error) }
  }
}

function compile(source: string, tokens: readonly Token[]): Compiled {
  // jsonata asks for the constructor of RegExp; it uses `exec` and `lastIndex` of what that makes.
  const engine = LinearRegex as unknown as RegExpConstructor
  const options: jsonata.JsonataOptions = {
    timeout: expressionLimits.isolatedMs,
    sequence: expressionLimits.sequence,
    RegexEngine: engine,
  }
  const program = jsonata(source, options)
  const tree = program.ast() as unknown as TreeNode
  mendRegexes(tree)
  const found = featuresOf(tree)
  options.stack = !found.lambda
    ? expressionLimits.stackWithoutLambda
    : found.groups
      ? expressionLimits.stackWithLambdaAndGroups
      : expressionLimits.stackWithLambda
  const reading = readingOf(tree, tokens)
  const required = requireReferences(reading)
  return {
    source,
    isolate: found.lambda || found.regex,
    reading,
    required,
    direct: compileDirect(tree, found.builds),
    builds: found.builds,
    groups: found.groups,
    tree,
    tokens,
    program,
    guards: options,
  }
}

/**
 * jsonata copies the left side of `?:` and `??` through JSON, which empties regular expressions; the original stands
 * at the same place in the tree. Also compiles each one, so that what RE2 cannot do is a problem now.
 */
function mendRegexes(tree: TreeNode) {
  const literals = new Map<number, RegExp>()
  const broken: TreeNode[] = []
  const pending: unknown[] = [tree]
  while (pending.length > 0) {
    const part = pending.pop()
    if (typeof part !== 'object' || part === null || part instanceof RegExp) continue
    const node = part as TreeNode
    if (node.type === 'regex') {
      if (node.value instanceof RegExp) literals.set(node.position ?? -1, node.value)
      else broken.push(node)
    }
    pending.push(...Object.values(part))
  }
  for (const node of broken) node.value = literals.get(node.position ?? -1)
  if (!hasRegexEngine()) return
  for (const [position, literal] of literals) {
    try {
      compileRegex(literal)
    } catch (error) {
      throw new RegexError(position, error instanceof Error ? error.message : String(error))
    }
  }
}

/** Nodes by which a value can be used many times over, wherever they stand. */
const buildsAnywhere = new Set(['bind', 'lambda', 'transform', 'partial', 'apply'])
/** Nodes that make a value, once for each item. */
const buildsInItems = new Set(['unary', 'function', 'wildcard', 'descendant', 'parent'])

function featuresOf(tree: TreeNode) {
  const found = { lambda: false, regex: false, groups: false, builds: false }
  let joins = 0
  let evalAt: number | undefined
  let bindsEval = false
  walk(tree, (node, place) => {
    if (buildsAnywhere.has(node.type) || (place.relative && buildsInItems.has(node.type))) found.builds = true
    if (node.type === 'binary' && node.value === '..') found.builds = true
    if (node.type === 'binary' && node.value === '&' && (place.relative || ++joins > 10)) found.builds = true
    if (node.type === 'lambda') {
      if (!node.thunk) found.lambda = true
      if (node.arguments?.some((argument) => argument.value === 'eval')) bindsEval = true
    }
    if (node.type === 'transform') found.lambda = true
    if (node.type === 'regex') found.regex = true
    if (node.group) found.groups = true
    if (node.type === 'variable' && node.value === 'eval') evalAt ??= node.position
    if (node.type === 'bind' && !Array.isArray(node.lhs) && node.lhs?.value === 'eval') bindsEval = true
  })
  if (evalAt !== undefined && !bindsEval) throw new RemovedFunctionError(evalAt)
  return found
}

/**
 * Puts a check before each reference that is not reached for certain, and lists all. What is certain to be read is
 * checked before evaluation begins, at a tenth of the cost.
 */
function requireReferences(reading: Reading): Compiled['required'] {
  const all: Requirement[] = []
  const always: number[] = []
  for (const path of reading.paths) {
    if (path.place.optional) continue
    const segments = path.lookedUp ? path.segments.slice(0, -1) : path.segments
    const index = all.push({ names: segments.map((segment) => segment.name), from: path.from }) - 1
    if (!path.place.lazy || !path.slot) always.push(index)
    else Reflect.set(path.slot.holder, path.slot.key, checked(path.node, index))
  }
  return { always, all }
}

/** The node behind a condition whose test is the check: it throws or holds. */
function checked(node: TreeNode, index: number): TreeNode {
  return {
    type: 'condition',
    condition: {
      type: 'function',
      value: '(',
      procedure: { type: 'variable', value: checkName },
      arguments: [{ type: 'number', value: index }],
    },
    then: node,
  }
}
