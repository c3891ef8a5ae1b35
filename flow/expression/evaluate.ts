import { asText, isObject, type Json, type JsonObject } from '../json'
import { evaluateDirectly } from './direct'
import { ExpressionError, limitError } from './error'
import { Evaluation } from './evaluation'
import { immediateFunctions, type Definitions } from './functions'
import { interpret } from './interpret'
import { expressionLimits } from './limits'
import { parseExpression, type Compiled } from './parse'
import { isSingle, parseTemplate, type TemplatePart } from './template'
import './re2'

/** How to evaluate. */
export interface EvaluateOptions {
  /** Milliseconds since 1970 that `$now()` and `$millis()` give. Pass it: without it they read the machine's clock. */
  now?: number
  /** By default 2,000, and 1,000 for what could loop (`Compiled.isolate`). */
  timeoutMs?: number
  /** References that lead nowhere yield nothing instead of failing. */
  allowMissing?: boolean
}

/** `evaluateExpression` or what a server puts in its place to use threads. */
export type Evaluate = (source: string, root: JsonObject, options?: EvaluateOptions) => Promise<Json>

/** Options of a text or a value that holds expressions. */
export interface ResolveOptions extends EvaluateOptions {
  evaluate?: Evaluate
}

/**
 * The value of an expression at a root, as plain JSON; null where JSONata yields nothing.
 *
 * **Missing references.** A reference is a chain of names from the root: `steps.assess.risk`, `$$.trigger.id`. Names
 * behind a dot that follows anything but a name, in a predicate, a group or a sort term belong to items and are none.
 * When it is read, it must lead to a value: in a list one item that has it is enough, an empty list lacks nothing, null
 * is a value, and predicates do not count (`items[price > 9].sku` needs one item with `sku`). Otherwise evaluation
 * ends with `reference_missing`. Not so within `$exists(…)` and on the left of `?:` and `??`; and what is not reached
 * (the other branch, the right side of a decided `and`) is not asked for. Only references that lead somewhere can still
 * yield nothing, such as a filter that lets nobody pass: that is null.
 *
 * **Cost.** What needs no interpreter is evaluated without one (direct.ts). In µs of processor time on 2 cores with five
 * times their work to do, source cached, median of 30,000; by jsonata with our guards, and now. Idle, about a third:
 *
 * | | jsonata | now |
 * |---|---|---|
 * | `{ "id": input.body.id, "lines": input.body.lines }` | 11 | 2.9 |
 * | `$merge([input, { "total": $sum(input.lines.(price * quantity)) }])`, 3 lines | 60 | 7.6 |
 * | `$merge([input, { "tax": input.total * 0.21 }])` | 27 | 7.0 |
 * | `$merge([input, { "gross": input.total + input.tax }])` | 35 | 7.8 |
 * | `$merge([input, { "count": $count(input.lines) }])` | 31 | 8.2 |
 * | `{ "id": input.id, "gross": $round(input.gross, 2), "count": input.count }` | 33 | 6.6 |
 * | `input.gross > 100` | 13 | 3.6 |
 * | `input.amount > 100 and input.risk = "high"` | 24 | 4.0 |
 * | `$sum(input.items.(price * qty))`, 20 items | 255 | 7.1 |
 *
 * To compile one takes 150-300 there, most of it in jsonata's parser.
 *
 * **Guards.** Those of limits.ts; past one, `expression_limit`. Names bound in the expression, `$lookup` and
 * functions behave as JSONata says.
 *
 * Throws ExpressionError: `expression_syntax`, `expression_limit`, `expression_failed`, `reference_missing`,
 * `secret_not_allowed` (the root has no `secrets`).
 */
export async function evaluateExpression(
  source: string,
  root: unknown,
  options: EvaluateOptions = {},
): Promise<Json> {
  const compiled = compiledOf(source)
  const evaluation = beginEvaluation(compiled, root, options)
  if (compiled.direct && isObject(root)) {
    functions ??= await immediateFunctions()
    const found = evaluateDirectly(compiled.direct, root, evaluation, functions)
    if (found !== undefined) return found
    return interpret(compiled, root, beginEvaluation(compiled, root, options), options.timeoutMs)
  }
  return interpret(compiled, root, evaluation, options.timeoutMs)
}

let functions: Definitions | undefined

/** The compiled form, or the problem thrown as an ExpressionError. */
export function compiledOf(source: string): Compiled {
  const parsed = parseExpression(source)
  if (parsed.ok) return parsed.expression
  const { code, message, from, reason } = parsed.problem
  throw new ExpressionError(code, message, { at: from, reason })
}

/** Text whose `${…}` are evaluated and written out: strings as they are, nothing for null, JSON for the rest. */
export async function resolveText(
  text: string,
  root: JsonObject,
  options: ResolveOptions = {},
): Promise<string> {
  const parts = parseTemplate(text)
  const pieces = await Promise.all(
    parts.map(async (part) => ('text' in part ? part.text : asText(await evaluatePart(part, root, options)))),
  )
  const whole = pieces.join('')
  if (whole.length > expressionLimits.textChars) throw limitError('The text grows too long.')
  return whole
}

/**
 * A JSON value whose strings may hold `${…}`. A string that is one expression and nothing else becomes its value; other
 * strings stay text. Names of objects are taken as they stand.
 */
export async function resolveValue(
  value: Json,
  root: JsonObject,
  options: ResolveOptions = {},
): Promise<Json> {
  if (typeof value === 'string') {
    if (!value.includes('${')) return value
    const parts = parseTemplate(value)
    return isSingle(parts) ? evaluatePart(parts[0], root, options) : resolveText(value, root, options)
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveValue(item, root, options)))
  if (isObject(value)) {
    const entries = Object.entries(value).map(async ([name, part]): Promise<[string, Json]> => [
      name,
      await resolveValue(part, root, options),
    ])
    return Object.fromEntries(await Promise.all(entries))
  }
  return value
}

function evaluatePart(
  part: Extract<TemplatePart, { source: string }>,
  root: JsonObject,
  options: ResolveOptions,
): Promise<Json> {
  if (part.unterminated) {
    throw new ExpressionError('expression_syntax', '${ is not closed; end the expression with }.', {
      at: part.from,
    })
  }
  return (options.evaluate ?? evaluateExpression)(part.source, root, options)
}

/** Checks what is certain to be read, so that a missing reference fails before any work. Throws ExpressionError. */
export function beginEvaluation(compiled: Compiled, root: unknown, options: EvaluateOptions): Evaluation {
  const { required, reading } = compiled
  const isSecret = reading.paths.some((path) => path.segments[0]?.name === 'secrets')
  if (isSecret && !options.allowMissing && !(isObject(root) && Object.hasOwn(root, 'secrets'))) {
    throw new ExpressionError(
      'secret_not_allowed',
      'Secrets can be used only in fields that are marked for them, such as headers of a request.',
    )
  }
  const evaluation = new Evaluation(root, required.all, options.allowMissing ?? false, options.now)
  for (const index of required.always) evaluation.require(index)
  return evaluation
}
