import type { Json } from '../json'
import { isObject } from '../json'
import { isTrue, negative, operators, unsure } from './direct-operators'
import { checkName, evaluationName, type Evaluation } from './evaluation'
import { immediateNames, type Definitions, type Focus } from './functions'
import { toJson } from './json-result'
import { expressionLimits } from './limits'
import { posesAsFunction } from './requirement'
import { isVariable, type TreeNode } from './tree'

/*
 * Evaluates most expressions without jsonata, whose interpreter makes some twenty promises for the least of them. Only
 * nodes that are known to the last property are taken, and what jsonata would refuse, end by a limit or treat by a rule
 * that is not written here throws `unsure`. Expressions have no effects, so jsonata then evaluates all again and says
 * it in its own words: this must be right only where it yields a value.
 */

/** The value of a node for an item, as jsonata has it at that place. */
export type Direct = (item: unknown, scope: Scope) => unknown
type Compile = (node: TreeNode | undefined) => Direct

/** The direct form of a tree, or null when it holds what only jsonata knows. `builds`: see Compiled. */
export function compileDirect(tree: TreeNode, builds: boolean): Direct | null {
  const compile: Compile = (node) => {
    const known = node && kinds.get(node.type)
    if (!known || !hasOnly(node, known.parts)) throw unsure
    const direct = known.make(node, compile)
    if (!builds) return direct
    return (item, scope) => {
      const value = direct(item, scope)
      scope.evaluation.made(node, value)
      return value
    }
  }
  try {
    return compile(tree)
  } catch (error) {
    if (error === unsure || error instanceof RangeError) return null
    throw error
  }
}

/** The value found without jsonata; undefined where only jsonata knows it, be it a value or an error. */
export function evaluateDirectly(
  direct: Direct,
  root: unknown,
  evaluation: Evaluation,
  functions: Definitions,
): Json | undefined {
  try {
    return toJson(direct(root, new Scope(root, evaluation, functions)))
  } catch {
    return undefined
  }
}

/** What one evaluation has at hand; poses as jsonata's frame to its native functions. */
export class Scope {
  private readonly focus: Focus = {
    environment: this,
    createSequence: (...items) => sequenceOf(items),
    options: expressionLimits,
  }
  private startedAt: Date | undefined
  private patience = 256
  private until = 0

  constructor(
    readonly root: unknown,
    readonly evaluation: Evaluation,
    private readonly functions: Definitions,
  ) {}

  lookup(name: string): unknown {
    return name === evaluationName ? this.evaluation : undefined
  }

  get timestamp(): Date {
    return (this.startedAt ??= new Date())
  }

  /** Calls a function as a part of jsonata's own work. */
  native(name: string, ...args: unknown[]): unknown {
    return single(this.functions.get(name)?.implementation.apply(this.focus, args))
  }

  /** Calls a function as an expression does: arguments are checked, and the context stands in for a missing one. */
  call(name: string, args: unknown[], item: unknown): unknown {
    this.tick(16)
    const definition = this.functions.get(name)
    if (!definition?.signature) throw unsure
    return single(definition.implementation.apply(this.focus, definition.signature.validate(args, item)))
  }

  /**
   * Called for all that lists and large values can make long. What takes too long goes to jsonata and its own clock, so
   * no value depends on this one.
   */
  tick(effort: number): void {
    this.patience -= effort
    if (this.patience > 0) return
    this.patience = 256
    const now = performance.now()
    if (this.until === 0) this.until = now + expressionLimits.directMs
    if (now > this.until) throw unsure
  }
}

/** Properties that a kind of node may have, besides its type and position, and how it is evaluated. */
const kinds = new Map<string, { parts: string[]; make: (node: TreeNode, compile: Compile) => Direct }>(
  Object.entries({
    string: { parts: ['value'], make: literal },
    number: { parts: ['value'], make: literal },
    value: { parts: ['value'], make: literal },
    name: { parts: ['value'], make: named },
    variable: { parts: ['value'], make: variable },
    path: { parts: ['steps'], make: path },
    unary: { parts: ['value', 'expression', 'expressions', 'lhs'], make: unary },
    binary: { parts: ['value', 'lhs', 'rhs'], make: binary },
    condition: { parts: ['condition', 'then', 'else'], make: condition },
    block: { parts: ['expressions'], make: block },
    function: { parts: ['value', 'procedure', 'arguments'], make: call },
  }),
)

function hasOnly(node: TreeNode, parts: readonly string[]): boolean {
  return Object.entries(node).every(
    ([key, part]) => part === undefined || key === 'type' || key === 'position' || parts.includes(key),
  )
}

function literal({ value }: TreeNode): Direct {
  return () => value
}

function variable(node: TreeNode): Direct {
  if (isVariable(node, '')) return (item) => item
  if (isVariable(node, '$')) return (_, scope) => scope.root
  throw unsure
}

function named({ value: name }: TreeNode): Direct {
  if (typeof name !== 'string') throw unsure
  return (item, scope) => {
    if (Array.isArray(item)) return scope.native('lookup', item, name)
    return isObject(item) && Object.hasOwn(item, name) && !posesAsFunction(item) ? item[name] : undefined
  }
}

function path({ steps = [] }: TreeNode, compile: Compile): Direct {
  const compiled = steps.map(compile)
  const final = compiled.at(-1)
  const startsAnew = steps[0]?.type === 'variable'
  return (item, scope) => {
    let value = item
    let items = Array.isArray(item) && !startsAnew ? item : undefined
    for (const step of compiled) {
      const isFinal = step === final
      value = items ? each(items, step, isFinal, scope) : step(value, scope)
      if (value === undefined || isFinal) break
      items = Array.isArray(value) ? bounded(value) : undefined
    }
    return single(value)
  }
}

/** Lists that come out of the items are opened by one level; what the last step yields alone stays as it is. */
function each(items: readonly unknown[], step: Direct, isFinal: boolean, scope: Scope): unknown[] {
  const results: unknown[] = []
  let hasLists = false
  for (const item of items) {
    scope.tick(1)
    const result = step(item, scope)
    if (result === undefined) continue
    results.push(result)
    hasLists ||= Array.isArray(result)
  }
  const [only] = results
  if (isFinal && results.length === 1 && Array.isArray(only) && !isSequence(only)) return only
  bounded(results)
  return sequenceOf(hasLists ? bounded(results.flat()) : results)
}

function unary(node: TreeNode, compile: Compile): Direct {
  if (node.value === '[') return list(node, compile)
  if (node.value === '{') return object(node, compile)
  const operand = compile(node.expression)
  return (item, scope) => negative(operand(item, scope))
}

function list({ expressions = [] }: TreeNode, compile: Compile): Direct {
  const parts = expressions.map((part) => ({ isOne: part.value === '[', direct: compile(part) }))
  return (item, scope) => {
    const made: unknown[] = []
    for (const { isOne, direct } of parts) {
      const value = direct(item, scope)
      if (Array.isArray(value) && !isOne) for (const each of value) made.push(each)
      else if (value !== undefined) made.push(value)
    }
    return bounded(made)
  }
}

/** Names that are no literals may meet in one object, which only jsonata sorts out. */
function object({ lhs }: TreeNode, compile: Compile): Direct {
  const pairs = (Array.isArray(lhs) ? lhs : []).map(([key, value]) => {
    if (key.type !== 'string' || typeof key.value !== 'string' || !hasOnly(key, ['value'])) throw unsure
    return { name: key.value, direct: compile(value) }
  })
  const names = new Set(pairs.map((pair) => pair.name))
  if (names.size < pairs.length || names.has('_jsonata_lambda') || names.has('_jsonata_function'))
    throw unsure
  return (item, scope) => {
    if (Array.isArray(item)) throw unsure
    const made: { [name: string]: unknown } = Object.create(null)
    for (const { name, direct } of pairs) {
      const value = direct(item, scope)
      if (value !== undefined) made[name] = value
    }
    return made
  }
}

function binary(node: TreeNode, compile: Compile): Direct {
  if (Array.isArray(node.lhs)) throw unsure
  const left = compile(node.lhs)
  const right = compile(node.rhs)
  if (node.value === 'and')
    return (item, scope) => isTrue(left(item, scope), scope) && isTrue(right(item, scope), scope)
  if (node.value === 'or')
    return (item, scope) => isTrue(left(item, scope), scope) || isTrue(right(item, scope), scope)
  const operate = operators.get(String(node.value))
  if (!operate) throw unsure
  return (item, scope) => operate(left(item, scope), right(item, scope), scope)
}

function condition(node: TreeNode, compile: Compile): Direct {
  const test = compile(node.condition)
  const then = compile(node.then)
  const otherwise = node.else ? compile(node.else) : () => undefined
  return (item, scope) => (isTrue(test(item, scope), scope) ? then : otherwise)(item, scope)
}

function block({ expressions = [] }: TreeNode, compile: Compile): Direct {
  const [only, ...more] = expressions.map(compile)
  if (!only || more.length > 0) throw unsure
  return only
}

function call(node: TreeNode, compile: Compile): Direct {
  const { procedure } = node
  const args = (node.arguments ?? []).map(compile)
  if (isVariable(procedure, checkName)) return check(node)
  if (procedure?.type !== 'variable' || !hasOnly(procedure, ['value'])) throw unsure
  const name = String(procedure.value)
  if (!immediateNames.has(name)) throw unsure
  return (item, scope) => {
    const values = args.map((arg) => notFunction(arg(item, scope)))
    return notFunction(scope.call(name, values, item))
  }
}

function check(node: TreeNode): Direct {
  const index = Number(node.arguments?.[0]?.value)
  return (_, scope) => {
    scope.evaluation.require(index)
    return true
  }
}

/** jsonata takes data with its own marks for a function. */
function notFunction(value: unknown): unknown {
  if (isObject(value) && posesAsFunction(value)) throw unsure
  return value
}

/** With jsonata's mark for lists that stand for their value when they hold one, and for nothing when they hold none. */
function sequenceOf(items: unknown[]): unknown[] {
  return Object.assign(items, { sequence: true })
}

function isSequence(value: unknown): value is unknown[] {
  return Array.isArray(value) && 'sequence' in value
}

function single(value: unknown): unknown {
  return isSequence(value) && bounded(value).length < 2 ? value[0] : value
}

function bounded<List extends unknown[]>(items: List): List {
  if (items.length > expressionLimits.sequence) throw unsure
  return items
}
