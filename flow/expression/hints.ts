import { endsOperand, tokenize, type Token } from './tokens'

/** A habit from another language, with a sentence that helps. Offsets are 0-based in the source. */
export interface Slip {
  from: number
  to: number
  message: string
  /** It can never be JSONata; without this it is allowed but seldom meant. */
  wrong: boolean
}

/** What a rule sees: the tokens around a place. */
interface Around {
  before: Token | undefined
  token: Token
  next: Token | undefined
  after: Token | undefined
}
type Rule = (around: Around) => (Omit<Slip, 'from' | 'to'> & { tokens: (Token | undefined)[] }) | undefined

/** Slips that people bring from other languages, in the order of the source. Never throws. */
export function slipsOf(source: string): Slip[] {
  const { tokens } = tokenize(source)
  const slips: Slip[] = []
  tokens.forEach((token, index) => {
    const around = { before: tokens[index - 1], token, next: tokens[index + 1], after: tokens[index + 2] }
    for (const rule of rules) {
      const found = rule(around)
      if (!found) continue
      const covered = found.tokens.filter((part) => part !== undefined)
      const from = Math.min(...covered.map((part) => part.from))
      if (slips.some((slip) => slip.from <= from && from < slip.to)) break
      const to = Math.max(...covered.map((part) => part.to))
      slips.push({ from, to, message: found.message, wrong: found.wrong })
      break
    }
  })
  return slips
}

const rules: Rule[] = [
  ({ token, next, after }) => {
    if (!is(token, '=') || !touches(token, next, '=')) return undefined
    const third = touches(next, after, '=') ? after : undefined
    return {
      tokens: [token, next, third],
      message: 'Write a single = to compare: a = b.',
      wrong: true,
    }
  },
  ({ token, next }) =>
    is(token, '!=') && touches(token, next, '=')
      ? { tokens: [token, next], message: 'Write != to test for a difference: a != b.', wrong: true }
      : undefined,
  ({ token, next }) =>
    is(token, '&') && touches(token, next, '&')
      ? { tokens: [token, next], message: 'Write and instead of &&. A single & joins texts.', wrong: true }
      : undefined,
  ({ token, next }) =>
    is(token, '|') && touches(token, next, '|')
      ? { tokens: [token, next], message: 'Write or instead of ||; for a default write a ?: b.', wrong: true }
      : undefined,
  ({ token }) =>
    is(token, '!') ? { tokens: [token], message: 'Write $not(x) instead of !x.', wrong: true } : undefined,
  ({ token, next }) =>
    is(token, '?') && touches(token, next, '.')
      ? {
          tokens: [token, next],
          message: 'Write a.b instead of a?.b, and a.b ?: x for a default.',
          wrong: true,
        }
      : undefined,
  ({ token, next }) =>
    is(token, '=') && touches(token, next, '>')
      ? { tokens: [token, next], message: 'Write function($x){ … } instead of x => ….', wrong: true }
      : undefined,
  ({ token, next }) =>
    (is(token, '+') || is(token, '-')) && touches(token, next, token.value) && token.value === '+'
      ? { tokens: [token, next], message: 'Nothing can be counted up in place; write x + 1.', wrong: true }
      : undefined,
  ({ before, token, next }) =>
    is(token, '+') && endsOperand(before) && (before?.type === 'string' || next?.type === 'string')
      ? { tokens: [token], message: 'Texts are joined with &: "a" & "b". + adds numbers only.', wrong: false }
      : undefined,
  ({ before, token, next }) =>
    is(before, '.') && token.type === 'name' && token.value === 'length' && !token.quoted && !is(next, '(')
      ? {
          tokens: [token],
          message: 'Write $count(list) for the number of items, $length(text) for that of characters.',
          wrong: false,
        }
      : undefined,
  ({ before, token, next }) => {
    const isNull = (part: Token | undefined) => part?.type === 'value' && part.value === 'null'
    if (!is(token, '=') && !is(token, '!=')) return undefined
    const other = isNull(next) ? next : isNull(before) ? before : undefined
    if (!other) return undefined
    const test = token.value === '=' ? '$not($exists(x))' : '$exists(x)'
    return {
      tokens: [token, other],
      message: `A missing value is not null. Write ${test} to test whether it is there.`,
      wrong: false,
    }
  },
  ({ before, token }) =>
    token.type === 'name' && token.value === 'undefined' && !token.quoted && !is(before, '.')
      ? { tokens: [token], message: 'Write $exists(x) to test whether a value is there.', wrong: false }
      : undefined,
  ({ before, token, next }) =>
    token.type === 'name' && is(next, '(') && methods.has(token.value) && is(before, '.')
      ? { tokens: [token], message: methods.get(token.value) ?? '', wrong: true }
      : undefined,
  ({ before, token, next, after }) =>
    is(token, '[') && before?.type === 'name' && next?.type === 'string' && is(after, ']')
      ? {
          tokens: [token, next, after],
          message: `Brackets filter. Write .${'`'}${next.value}${'`'} to take the value by that name.`,
          wrong: false,
        }
      : undefined,
  ({ token, next }) =>
    token.type === 'name' && token.value === 'typeof' && next !== undefined && !is(next, '.')
      ? { tokens: [token], message: 'Write $type(x) instead of typeof x.', wrong: true }
      : undefined,
]

const methods = new Map(
  Object.entries({
    map: 'Write $map(list, function($item){ … }), or just list.field.',
    filter: 'Write list[condition], or $filter(list, function($item){ … }).',
    reduce: 'Write $reduce(list, function($so_far, $item){ … }, start).',
    join: 'Write $join(list, ", ").',
    split: 'Write $split(text, ",").',
    includes: 'Write $contains(text, "part"), or value in list.',
    indexOf: 'Write $contains(text, "part"), or value in list.',
    toUpperCase: 'Write $uppercase(text).',
    toLowerCase: 'Write $lowercase(text).',
    toString: 'Write $string(value).',
    trim: 'Write $trim(text).',
    replace: 'Write $replace(text, "old", "new").',
    push: 'Write $append(list, item).',
    concat: 'Write $append(list, other), or a & b for texts.',
    slice: 'Write $substring(text, start, length), or list[[0..4]].',
    substring: 'Write $substring(text, start, length).',
    sort: 'Write $sort(list), or list^(field).',
    find: 'Write list[condition][0].',
    keys: 'Write $keys(object).',
  }),
)

function is(token: Token | undefined, value: string): boolean {
  return token?.type === 'operator' && token.value === value
}

/** Whether `next` is that operator and stands right behind `token`. */
function touches(token: Token | undefined, next: Token | undefined, value: string): boolean {
  return is(next, value) && token?.to === next?.from
}
