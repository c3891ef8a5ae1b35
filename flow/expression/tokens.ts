/**
 * Cuts JSONata source into tokens, by the rules of jsonata's own tokenizer, which it does not export. Used where the
 * syntax tree is too late or too coarse: to find the end of `${…}`, to bound a source before it is parsed, for the
 * offsets of names, for slips and for completion. Never throws.
 */
export interface Token {
  type: 'name' | 'variable' | 'string' | 'number' | 'value' | 'regex' | 'operator'
  /** What it stands for: a name without its quotes, a variable without its `$`, a text without escapes. */
  value: string
  /** 0-based offsets in the source; `to` is behind the last character. */
  from: number
  to: number
  /** A name in backticks. */
  quoted?: boolean
  /** An operator in the place of an operand: a wildcard, a parent, a name such as `and`. */
  operand?: boolean
}

export type Lexed = Token | { type: 'end'; at: number } | { type: 'bad'; at: number; message: string }

const blanks = ' \t\n\r\v'
const doubles = new Set(['..', ':=', '!=', '>=', '<=', '**', '~>', '?:', '??'])
const singles = new Set('.[]{}(),@#;:?+-*/%|=<>^&!~')
const mayBeOperand = new Set(['*', '**', '%', 'and', 'or', 'in'])
const numberShape = /(0|([1-9][0-9]*))(\.[0-9]+)?([Ee][-+]?[0-9]+)?/y
const escapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** The token at or after `at`. A `/` begins a regular expression unless the token before it ends an operand. */
export function lexAt(source: string, at: number, before?: Token): Lexed {
  let from = at
  for (;;) {
    while (from < source.length && blanks.includes(source[from] ?? '')) from++
    if (!source.startsWith('/*', from)) break
    const end = source.indexOf('*/', from + 2)
    if (end < 0) return { type: 'bad', at: from, message: 'This comment is not closed; end it with */.' }
    from = end + 2
  }
  const char = source[from]
  if (char === undefined) return { type: 'end', at: from }
  if (char === '/' && !endsOperand(before)) return regexAt(source, from)
  const pair = source.slice(from, from + 2)
  if (doubles.has(pair)) return operator(pair, from, before)
  if (singles.has(char)) return operator(char, from, before)
  if (char === '"' || char === "'") return textAt(source, from, char)
  if (char === '`') {
    const end = source.indexOf('`', from + 1)
    if (end < 0) return { type: 'bad', at: from, message: 'This quoted name is not closed; end it with `.' }
    return { type: 'name', value: source.slice(from + 1, end), from, to: end + 1, quoted: true }
  }
  numberShape.lastIndex = from
  const number = numberShape.exec(source)
  if (number) return { type: 'number', value: number[0], from, to: from + number[0].length }
  return wordAt(source, from, before)
}

/** All tokens of a source, and what stopped the reading when it was not the end. */
export function tokenize(source: string): { tokens: Token[]; bad?: { at: number; message: string } } {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    const next = lexAt(source, at, tokens.at(-1))
    if (next.type === 'end') return { tokens }
    if (next.type === 'bad') return { tokens, bad: next }
    tokens.push(next)
    at = next.to
  }
}

/** Whether a token can end an operand, so that an operator may follow it. */
export function endsOperand(token: Token | undefined): boolean {
  if (!token) return false
  return (
    token.type !== 'operator' ||
    token.operand === true ||
    token.value === ')' ||
    token.value === ']' ||
    token.value === '}'
  )
}

function operator(value: string, from: number, before: Token | undefined): Token {
  const token: Token = { type: 'operator', value, from, to: from + value.length }
  return mayBeOperand.has(value) && !endsOperand(before) ? { ...token, operand: true } : token
}

function wordAt(source: string, from: number, before: Token | undefined): Lexed {
  let to = from
  while (to < source.length && !blanks.includes(source[to] ?? '') && !singles.has(source[to] ?? '')) to++
  const word = source.slice(from, to)
  if (word.startsWith('$')) return { type: 'variable', value: word.slice(1), from, to }
  if (word === 'and' || word === 'or' || word === 'in') return operator(word, from, before)
  const type = word === 'true' || word === 'false' || word === 'null' ? 'value' : 'name'
  return { type, value: word, from, to }
}

function textAt(source: string, from: number, quote: string): Lexed {
  let value = ''
  for (let at = from + 1; at < source.length; at++) {
    const char = source[at] ?? ''
    if (char === quote) return { type: 'string', value, from, to: at + 1 }
    if (char !== '\\') {
      value += char
      continue
    }
    at++
    const escaped = source[at] ?? ''
    const code = /^[0-9a-fA-F]{4}$/.exec(source.slice(at + 1, at + 5))
    if (escaped === 'u' && code) {
      value += String.fromCharCode(parseInt(code[0], 16))
      at += 4
    } else {
      value += escapes[escaped] ?? escaped
    }
  }
  return { type: 'bad', at: from, message: `This text is not closed; end it with ${quote}.` }
}

function regexAt(source: string, from: number): Lexed {
  let depth = 0
  for (let at = from + 1; at < source.length; at++) {
    const char = source[at] ?? ''
    if (char === '/' && depth === 0 && !isEscaped(source, at)) {
      let to = at + 1
      while (source[to] === 'i' || source[to] === 'm') to++
      return { type: 'regex', value: source.slice(from + 1, at), from, to }
    }
    if (source[at - 1] === '\\') continue
    if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char)) depth--
  }
  return { type: 'bad', at: from, message: 'This regular expression is not closed; end it with /.' }
}

function isEscaped(source: string, at: number): boolean {
  let slashes = 0
  while (source[at - slashes - 1] === '\\') slashes++
  return slashes % 2 === 1
}
