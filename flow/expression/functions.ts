import jsonata from 'jsonata'
import { limitError } from './error'
import { Evaluation, evaluationName } from './evaluation'
import { expressionLimits } from './limits'
import { pictureProblem } from './picture'

/** What jsonata hands to a native function as `this`. */
export interface Focus {
  environment?: { lookup(name: string): unknown; timestamp?: Date }
  createSequence?: (...item: unknown[]) => unknown[]
  options?: { sequence: number }
}
type Native = (this: Focus, ...args: unknown[]) => unknown
/** A function as jsonata keeps it in a frame. */
interface Definition {
  _jsonata_function: true
  implementation: Native
  /** Completes the arguments from the context, or throws. */
  signature?: { validate(args: unknown[], context: unknown): unknown[] }
}
export type Definitions = ReadonlyMap<string, Definition>

const wrapped = {
  texts:
    'string substring substringBefore substringAfter lowercase uppercase length trim match contains replace split join pad base64encode base64decode encodeUrl encodeUrlComponent decodeUrl decodeUrlComponent number clone',
  pictures: 'formatNumber formatInteger parseInteger toMillis fromMillis now',
  lists: 'distinct sort',
  time: 'millis',
}
const names = Object.values(wrapped).flatMap((list) => list.split(' '))

/** They call functions or match texts, which jsonata does by promises. */
const laterNames = new Set('match contains replace split sort'.split(' '))
/** Functions whose values are there at once, so that jsonata is not needed to call them. */
export const immediateNames: ReadonlySet<string> = new Set([
  ...'sum count max min average floor ceil round abs sqrt power formatBase'.split(' '),
  ...'boolean not exists type keys lookup spread merge append reverse zip'.split(' '),
  ...names.filter((name) => !laterNames.has(name)),
])

let loading: Promise<Definitions> | undefined
let loadingImmediate: Promise<Definitions> | undefined

/**
 * jsonata's functions with bounds: text that grows past the limits, pictures with huge widths and patterns that
 * backtrack end with `expression_limit` instead of ending the process; `$distinct` and plain `$sort` are
 * linear and n·log n (10,000 items: 33 ms and 14 ms, with jsonata's own 9.8 s and 0.35 s); time is the evaluation's.
 */
export function guardedFunctions(): Promise<Definitions> {
  return (loading ??= load())
}

/** The functions of `immediateNames`, guarded where they need it. */
export function immediateFunctions(): Promise<Definitions> {
  return (loadingImmediate ??= loadImmediate())
}

async function loadImmediate(): Promise<Definitions> {
  const guarded = await guardedFunctions()
  return new Map([...(await loadNatives([...immediateNames])), ...guarded])
}

async function loadNatives(wanted: readonly string[]): Promise<Map<string, Definition>> {
  const load = async (name: string) => {
    const definition = parseDefinition(await jsonata(`$${name}`).evaluate({}))
    return [name, definition] as const
  }
  return new Map(await Promise.all(wanted.map(load)))
}

async function load(): Promise<Definitions> {
  const natives = await loadNatives(names)
  const own = ownFunctions(natives)
  const guarded = new Map<string, Definition>()
  for (const [name, definition] of natives) {
    const implementation = guard(own[name] ?? definition.implementation, definition.implementation)
    guarded.set(name, { ...definition, implementation })
  }
  return guarded
}

/** jsonata does not export its functions; evaluating `$name` yields the definition, whose shape is asserted here. */
function parseDefinition(value: unknown): Definition {
  const definition = value as Partial<Definition> | undefined
  if (definition?._jsonata_function !== true || typeof definition.implementation !== 'function') {
    throw new TypeError('jsonata keeps its functions in another form than 2.2.2 did.')
  }
  return definition as Definition
}

function evaluationOf(focus: Focus): Evaluation | undefined {
  const evaluation = focus.environment?.lookup(evaluationName)
  return evaluation instanceof Evaluation ? evaluation : undefined
}

/** Bounds the texts that go in and come out. Keeps the native's parameter list, which jsonata reads from its source. */
function guard(implementation: Native, native: Native): Native {
  const bounded: Native = function (this: Focus, ...args) {
    const evaluation = evaluationOf(this)
    for (const arg of args) if (typeof arg === 'string') boundText(arg.length)
    const result = implementation.apply(this, args)
    if (result instanceof Promise) return result.then((value: unknown) => account(value, evaluation))
    return account(result, evaluation)
  }
  Object.defineProperty(bounded, 'length', { value: native.length })
  bounded.toString = () => native.toString()
  return bounded
}

function account(value: unknown, evaluation: Evaluation | undefined): unknown {
  if (typeof value === 'string') {
    boundText(value.length)
    evaluation?.text(value)
  } else if (Array.isArray(value)) {
    evaluation?.spend(value.length * 8)
  }
  return value
}

function boundText(chars: number) {
  if (chars > expressionLimits.textChars) {
    throw limitError(
      `A text in the expression grows past ${expressionLimits.textChars.toLocaleString('en')} characters.`,
    )
  }
}

function ownFunctions(natives: Definitions): Record<string, Native | undefined> {
  const native = (name: string): Native => {
    const definition = natives.get(name)
    if (!definition) throw new TypeError(`jsonata has no $${name}.`)
    return definition.implementation
  }
  const withPicture = (name: string, at: number): Native =>
    function (...args) {
      checkPicture(args[at], name === 'toMillis' ? args[0] : undefined)
      return native(name).apply(atNow(this), args)
    }
  const measured = (name: string): Native =>
    function (...args) {
      boundText(jsonChars(args[0]))
      return native(name).apply(this, args)
    }
  return {
    pad,
    join: (texts, separator) => {
      if (!Array.isArray(texts)) return native('join').call({}, texts, separator)
      const between = typeof separator === 'string' ? separator.length : 0
      boundText(texts.reduce((chars: number, text) => chars + String(text).length + between, 0))
      return native('join').call({}, texts, separator)
    },
    replace: function (...args) {
      const [text, pattern, replacement] = args
      if (typeof text === 'string' && typeof pattern === 'string' && typeof replacement === 'string') {
        boundText(replacedChars(text, pattern, replacement))
      }
      return native('replace').apply(this, args)
    },
    string: measured('string'),
    clone: measured('clone'),
    distinct: function (...args) {
      return distinct(args[0], this)
    },
    sort: function (...args) {
      return args[1] === undefined && isSortable(args[0])
        ? [...args[0]].sort((left, right) => (left > right ? 1 : left < right ? -1 : 0))
        : native('sort').apply(this, args)
    },
    formatNumber: withPicture('formatNumber', 1),
    formatInteger: withPicture('formatInteger', 1),
    parseInteger: withPicture('parseInteger', 1),
    fromMillis: withPicture('fromMillis', 1),
    toMillis: withPicture('toMillis', 1),
    now: function (...args) {
      checkPicture(args[0])
      return native('fromMillis').call(this, nowOf(this), ...args)
    },
    millis: function () {
      return nowOf(this)
    },
  }
}

/** The evaluation's time; without one, the time that jsonata took when it began. */
function nowOf(focus: Focus): number | undefined {
  return evaluationOf(focus)?.now ?? focus.environment?.timestamp?.getTime()
}

/** jsonata fills a half-given date with its own clock; this gives it the evaluation's. */
function atNow(focus: Focus): Focus {
  const now = nowOf(focus)
  if (now === undefined || !focus.environment) return focus
  return { ...focus, environment: { ...focus.environment, timestamp: new Date(now) } }
}

function checkPicture(picture: unknown, parsed?: unknown) {
  if (typeof picture !== 'string') return
  const problem = pictureProblem(picture, typeof parsed === 'string' ? parsed : undefined)
  if (problem) throw limitError(problem)
}

/** As jsonata's: widths count characters, not code units; a negative width pads on the left. */
function pad(text: unknown, width: unknown, char: unknown): unknown {
  if (typeof text !== 'string' || typeof width !== 'number') return undefined
  const filler = [...(typeof char === 'string' && char.length > 0 ? char : ' ')]
  const columns = Math.abs(Math.trunc(width))
  boundText(columns)
  const missing = columns - [...text].length
  if (missing <= 0) return text
  boundText(missing * filler.length)
  const whole = filler.join('').repeat(Math.ceil(missing / filler.length))
  const padding = filler.length === 1 ? whole : [...whole].slice(0, missing).join('')
  return width > 0 ? text + padding : padding + text
}

function replacedChars(text: string, pattern: string, replacement: string): number {
  if (pattern === '' || replacement.length <= pattern.length) return text.length
  let count = 0
  for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + pattern.length)) count++
  return text.length + count * (replacement.length - pattern.length)
}

function isSortable(list: unknown): list is string[] | number[] {
  if (!Array.isArray(list) || list.length === 0) return false
  const type = typeof list[0]
  return (type === 'string' || type === 'number') && list.every((item) => typeof item === type)
}

/** By value as jsonata compares: objects are equal when their names and values are, in any order. */
function distinct(list: unknown, focus: Focus): unknown {
  if (!Array.isArray(list) || list.length <= 1) return list
  const seen = new Set<unknown>()
  const kept: unknown[] =
    'sequence' in list && list.sequence === true && focus.createSequence ? focus.createSequence() : []
  for (const item of list) {
    const key = typeof item === 'object' && item !== null ? canonical(item) : item
    if (seen.has(key)) continue
    seen.add(key)
    kept.push(item)
  }
  return kept
}

/** One text for all equal values; a blank in front keeps it apart from texts in the list. */
function canonical(item: object): string {
  boundText(jsonChars(item))
  const sorted = JSON.stringify(item, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  )
  return ` \0${sorted}`
}

/** Characters of the JSON of a value or so, counted no further than the limit: parts may be shared a billion times. */
function jsonChars(value: unknown): number {
  let chars = 0
  const pending: unknown[] = [value]
  while (pending.length > 0 && chars <= expressionLimits.textChars) {
    const part = pending.pop()
    if (typeof part === 'string') chars += part.length
    else if (typeof part === 'object' && part !== null) {
      chars += 2
      if ('_jsonata_function' in part || '_jsonata_lambda' in part) continue
      for (const [name, inner] of Object.entries(part)) {
        chars += Array.isArray(part) ? 1 : name.length + 4
        if (chars > expressionLimits.textChars) break
        pending.push(inner)
      }
    } else chars += 5
  }
  return chars
}
