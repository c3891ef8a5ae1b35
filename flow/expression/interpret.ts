import { isObject, type Json } from '../json'
import { ExpressionError } from './error'
import { checkName, Evaluation, evaluationName } from './evaluation'
import { guardedFunctions } from './functions'
import { toJson } from './json-result'
import { expressionLimits } from './limits'
import type { Compiled } from './parse'
import { prunedRoot } from './prune'
import type { TreeNode } from './tree'

/**
 * Evaluates by jsonata's own interpreter, which knows all of the language, one after another: it never waits for anything but
 * itself, so many at once are no quicker, and each would be charged for the time of all. Throws ExpressionError.
 */
export function interpret(
  compiled: Compiled,
  root: unknown,
  evaluation: Evaluation,
  timeoutMs: number = compiled.isolate ? expressionLimits.isolatedMs : expressionLimits.plainMs,
): Promise<Json> {
  const turn = lastTurn.then(() => interpretNow(compiled, root, evaluation, timeoutMs))
  lastTurn = turn.then(nothing, nothing)
  return turn
}

let lastTurn: Promise<void> = Promise.resolve()
function nothing(): void {}

async function interpretNow(
  compiled: Compiled,
  root: unknown,
  evaluation: Evaluation,
  timeoutMs: number,
): Promise<Json> {
  if (!prepared.has(compiled)) await prepare(compiled)
  compiled.guards.timeout = timeoutMs
  const input = compiled.groups ? withOwnEmptyLists(prunedRoot(compiled, root)) : root
  try {
    return toJson(await compiled.program.evaluate(input, { [evaluationName]: evaluation }))
  } catch (error) {
    throw expressionError(error)
  }
}

const prepared = new WeakSet<Compiled>()

/** Puts the guarded functions and the hook that counts into the outer frame of a program, once. */
async function prepare(compiled: Compiled): Promise<void> {
  const { program } = compiled
  for (const [name, definition] of await guardedFunctions()) program.assign(name, definition)
  program.assign('eval', undefined)
  program.assign(checkName, { _jsonata_function: true, implementation: checkReference })
  if (compiled.builds) assignHook(program)
  prepared.add(compiled)
}

/** jsonata calls what is bound to this symbol after each node; its types know names only. */
function assignHook(program: Compiled['program']) {
  const exit: unknown = Symbol.for('jsonata.__evaluate_exit')
  program.assign(exit as string, countMade)
}

interface Frame {
  lookup(name: string): unknown
}

function evaluationIn(frame: Frame): Evaluation | undefined {
  const evaluation = frame.lookup(evaluationName)
  return evaluation instanceof Evaluation ? evaluation : undefined
}

function checkReference(this: { environment: Frame }, index: number): true {
  evaluationIn(this.environment)?.require(index)
  return true
}

function countMade(node: TreeNode, _input: unknown, frame: Frame, result: unknown): void {
  evaluationIn(frame)?.made(node, result)
}

/** A copy in which empty lists are new; all that holds none is shared. */
function withOwnEmptyLists(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0) return []
    const items = value.map(withOwnEmptyLists)
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isObject(value)) return value
  let copy: Record<string, unknown> | undefined
  for (const [name, part] of Object.entries(value)) {
    const own = withOwnEmptyLists(part)
    if (own === part) continue
    copy ??= { ...value }
    copy[name] = own
  }
  return copy ?? value
}

/** Anything that jsonata throws, as an ExpressionError; its own codes are kept as `reason`. */
function expressionError(error: unknown): ExpressionError {
  if (error instanceof ExpressionError) return error
  if (error instanceof RangeError) {
    return new ExpressionError('expression_limit', 'The expression recurses too deeply or grows too large.', {
      cause: error,
    })
  }
  const { code, message, position } = (error ?? {}) as { code?: string; message?: string; position?: number }
  const text = (message ?? 'The expression failed').slice(0, 500)
  const isLimit = code !== undefined && limitReasons.has(code)
  return new ExpressionError(isLimit ? 'expression_limit' : 'expression_failed', text, {
    reason: code,
    at: position,
    cause: error,
  })
}

/** jsonata's codes for its guards: stack, timeout, size of a range, size of a sequence. */
const limitReasons = new Set(['D1011', 'D1012', 'D2014', 'D2015'])
