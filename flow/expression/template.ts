import { lexAt, type Token } from './tokens'

/**
 * A piece of a text field: text as it stands, or the source between `${` and `}` with its 0-based offsets in the whole
 * text. `unterminated`: the closing brace is missing and `source` runs to the end.
 */
export type TemplatePart =
  { text: string } | { source: string; from: number; to: number; unterminated?: true }

/** Cheap test before parsing: false means that the text stands for itself. */
export function hasTemplate(text: string): boolean {
  return text.includes('${')
}

/**
 * Cuts a text into plain pieces and `${ expression }`s. Braces, texts, quoted names, comments and regular expressions
 * inside an expression are respected, so `${ {"a": "}"} }` is one part. `$${` stands for a literal `${`. Never throws.
 */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = []
  let plain = ''
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('${', at)
    if (open < 0) break
    if (text[open - 1] === '$' && open - 1 >= at) {
      plain += `${text.slice(at, open - 1)}\${`
      at = open + 2
      continue
    }
    plain += text.slice(at, open)
    if (plain) parts.push({ text: plain })
    plain = ''
    const from = open + 2
    const close = closingBrace(text, from)
    if (close < 0) {
      parts.push({ source: text.slice(from), from, to: text.length, unterminated: true })
      return parts
    }
    parts.push({ source: text.slice(from, close), from, to: close })
    at = close + 1
  }
  plain += text.slice(at)
  if (plain || parts.length === 0) parts.push({ text: plain })
  return parts
}

/** One expression and nothing else: the field yields the value itself instead of text. */
export function isSingle(
  parts: readonly TemplatePart[],
): parts is [{ source: string; from: number; to: number; unterminated?: true }] {
  return parts.length === 1 && parts[0] !== undefined && 'source' in parts[0]
}

/** The same text with each expression's source replaced; everything else stays as it stands. */
export function mapTemplate(text: string, change: (source: string) => string): string {
  let mapped = ''
  let at = 0
  for (const part of parseTemplate(text)) {
    if ('text' in part) continue
    mapped += text.slice(at, part.from) + change(part.source)
    at = part.to
  }
  return mapped + text.slice(at)
}

function closingBrace(text: string, from: number): number {
  let depth = 0
  let before: Token | undefined
  for (let at = from; ;) {
    const token = lexAt(text, at, before)
    if (token.type === 'end' || token.type === 'bad') return fallback(text, from, token.type)
    if (token.type === 'operator' && token.value === '{') depth++
    if (token.type === 'operator' && token.value === '}') {
      if (depth === 0) return token.from
      depth--
    }
    before = token
    at = token.to
  }
}

/** A broken inside, such as an odd quote, must not swallow the rest of the text: the next brace then ends it. */
function fallback(text: string, from: number, type: 'end' | 'bad'): number {
  return type === 'bad' ? text.indexOf('}', from) : -1
}
