import { isObject, type Json, type JsonObject } from '../json'
import { functionList } from './function-list'
import { nameText } from './requirement'
import { rootNames } from './root-names'
import { endsOperand, tokenize, type Token } from './tokens'

/** One thing that may stand at the cursor. `from` is the 0-based offset from which the label replaces the source. */
export interface Completion {
  label: string
  detail: string
  from: number
}

const rootDetails = new Map(
  Object.entries({
    input: 'output of the step before',
    trigger: "the run's input",
    steps: 'outputs by step',
    state: 'shared state',
    run: 'about this run',
    item: 'item of the loop',
    index: 'place in the loop, from 0',
    error: 'what went wrong',
    vars: 'workspace variables',
    secrets: 'only in fields marked for them',
  }),
)

/**
 * What may be written at an offset, best first. `sample` is an expression root with real or made-up values: names are
 * read from it, through lists too, and inside predicates and blocks from the items they look at. Never throws.
 */
export function completionsAt(source: string, offset: number, sample: JsonObject): Completion[] {
  const { tokens, bad } = tokenize(source.slice(0, offset))
  if (bad) return []
  const last = tokens.at(-1)
  const touched = last && last.to === offset ? last : undefined
  if (touched?.type === 'variable') return variables(tokens, touched)
  if (touched?.type === 'string' || touched?.type === 'number' || touched?.type === 'regex') return []
  const isWord = touched?.type === 'name' || touched?.type === 'value' || isWordOperator(touched)
  const typed = isWord && touched ? touched.value : ''
  const from = isWord && touched ? touched.from : offset
  const before = isWord ? tokens.slice(0, -1) : tokens
  const previous = before.at(-1)
  if (previous && is(previous, '.')) {
    return namesOf(chainValues(before.slice(0, -1), sample), typed, from)
  }
  if (endsOperand(previous))
    return operators.filter((one) => one.label.startsWith(typed)).map((one) => ({ ...one, from }))
  const context = contextValues(before, sample)
  const names = namesOf(context ?? [sample], typed, from)
  if (context) return [...names, ...functionsLike('', from, typed)]
  const known = new Set(names.map((name) => name.label))
  const others = rootNames
    .filter((name) => !known.has(name) && startsLike(name, typed) && name !== 'secrets')
    .map((label) => ({ label, detail: rootDetails.get(label) ?? '', from }))
  const named = names.map((name) => ({ ...name, detail: rootDetails.get(name.label) ?? name.detail }))
  return [...named, ...(typed ? others : []), ...functionsLike('', from, typed)]
}

const operators = [
  { label: 'and', detail: 'both' },
  { label: 'or', detail: 'either' },
  { label: 'in', detail: 'is one of a list' },
]

function variables(tokens: readonly Token[], touched: Token): Completion[] {
  const own = new Set(
    tokens.filter((token) => token.type === 'variable' && token !== touched).map((token) => token.value),
  )
  for (const name of ['', '$', ...Object.keys(functionList)]) own.delete(name)
  const mine = [...own]
    .filter((name) => startsLike(name, touched.value))
    .map((name) => ({ label: `$${name}`, detail: 'bound in this expression', from: touched.from }))
  return [...mine, ...functionsLike(touched.value, touched.from)]
}

/** Functions whose name begins so; without `$` only when enough is typed to mean one. */
function functionsLike(typed: string, from: number, bare = ''): Completion[] {
  if (bare.length === 1) return []
  return Object.entries(functionList)
    .filter(([name]) => startsLike(name, typed || bare))
    .map(([name, { takes, gives }]) => ({ label: `$${name}`, detail: `(${takes}) ${gives}`, from }))
}

function namesOf(values: readonly unknown[], typed: string, from: number): Completion[] {
  const found = new Map<string, Json>()
  for (const value of flattened(values)) {
    if (!isObject(value)) continue
    for (const [name, part] of Object.entries(value)) {
      if (part !== undefined && !found.has(name)) found.set(name, part as Json)
    }
  }
  return [...found]
    .filter(([name]) => startsLike(name, typed))
    .slice(0, 200)
    .map(([name, value]) => ({ label: nameText(name), detail: shapeOf(value), from }))
}

/** The values that the chain at the end of these tokens leads to, in a sample. */
function chainValues(tokens: readonly Token[], sample: JsonObject): unknown[] {
  const { names, start, explicit } = chainAt(tokens)
  if (start === undefined) return []
  const base = explicit ? [sample] : (contextValues(tokens.slice(0, start), sample) ?? [sample])
  return names.reduce<unknown[]>(
    (values, name) => flattened(values).flatMap((value) => memberOf(value, name)),
    base,
  )
}

/** The names of `a.b[…].c` read from its end, and the index of the first token; `explicit` when it begins with `$$`. */
function chainAt(tokens: readonly Token[]): { names: string[]; start?: number; explicit: boolean } {
  const names: string[] = []
  let at = tokens.length - 1
  for (;;) {
    at = beforeBrackets(tokens, at)
    const token = tokens[at]
    if (token?.type === 'variable' && token.value === '$') return { names, start: at, explicit: true }
    if (token?.type === 'variable' && token.value === '') return { names, start: at, explicit: false }
    if (token?.type !== 'name' && !isWordOperator(token)) return { names: [], explicit: false }
    names.unshift(token?.value ?? '')
    if (!is(tokens[at - 1], '.')) return { names, start: at, explicit: false }
    at -= 2
  }
}

/** The index of the token before predicates that end at `at`. */
function beforeBrackets(tokens: readonly Token[], at: number): number {
  while (is(tokens[at], ']')) {
    let depth = 0
    do {
      if (is(tokens[at], ']')) depth++
      if (is(tokens[at], '[')) depth--
      at--
    } while (depth > 0 && at >= 0)
  }
  return at
}

/** The items that names are looked up in at the end of these tokens; undefined at the root. */
function contextValues(tokens: readonly Token[], sample: JsonObject): unknown[] | undefined {
  let depth = 0
  for (let at = tokens.length - 1; at >= 0; at--) {
    const token = tokens[at]
    if (is(token, ')') || is(token, ']') || is(token, '}')) depth++
    if (!is(token, '(') && !is(token, '[') && !is(token, '{')) continue
    if (depth > 0) {
      depth--
      continue
    }
    const previous = tokens[at - 1]
    if (is(token, '[') && endsOperand(previous)) return chainValues(tokens.slice(0, at), sample)
    if (is(previous, '.') || is(previous, '^')) return chainValues(tokens.slice(0, at - 1), sample)
    if (is(token, '{') && endsOperand(previous) && !is(previous, ')'))
      return chainValues(tokens.slice(0, at), sample)
  }
  return undefined
}

function memberOf(value: unknown, name: string): unknown[] {
  return isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []
}

/** Items of lists in place of the lists, the first fifty of each. */
function flattened(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) => (Array.isArray(value) ? flattened(value.slice(0, 50)) : [value]))
}

function shapeOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 1 ? 'list of 1 item' : `list of ${value.length} items`
  if (isObject(value)) return `object: ${Object.keys(value).slice(0, 4).join(', ')}`
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value)
  return String(value)
}

function startsLike(name: string, typed: string): boolean {
  return name.toLowerCase().startsWith(typed.toLowerCase())
}

function isWordOperator(token: Token | undefined): boolean {
  return token?.type === 'operator' && /^[a-z]+$/.test(token.value)
}

function is(token: Token | undefined, value: string): boolean {
  return token?.type === 'operator' && token.value === value
}
