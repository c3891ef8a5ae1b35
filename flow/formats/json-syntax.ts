const blank = /[ \t\n\r]*/y
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

type Wanted = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end' | 'end'

/**
 * Where a text stops being JSON, as a 0-based offset; its length when it ends too early. Only for texts that `JSON.parse`
 * refuses: engines word their refusals differently, and most do not say where.
 */
export function jsonErrorAt(text: string): number {
  const open: string[] = []
  let wanted: Wanted = 'value'
  let at = endOf(blank, text, 0)
  while (at < text.length) {
    const start = at
    const mark = text[at] ?? ''
    const isMark = '[]{},:'.includes(mark)
    at = isMark ? at + 1 : mark === '"' ? endOfText(text, at) : endOf(scalar, text, at)
    if (at <= start) return start
    const next = after(wanted, isMark ? mark : mark === '"' ? 'text' : 'scalar', open)
    if (next === null) return start
    wanted = next
    at = endOf(blank, text, at)
  }
  return text.length
}

/** What may come next; null when this may not stand here. Keeps `open` true. */
function after(wanted: Wanted, found: string, open: string[]): Wanted | null {
  const closed = () => {
    open.pop()
    return open.length > 0 ? ', or end' : 'end'
  }
  switch (wanted) {
    case 'value or ]':
    case 'value':
      if (found === ']' && wanted === 'value or ]') return closed()
      if (found === '[' || found === '{') {
        open.push(found)
        return found === '[' ? 'value or ]' : 'name or }'
      }
      if (found !== 'text' && found !== 'scalar') return null
      return open.length > 0 ? ', or end' : 'end'
    case 'name or }':
    case 'name':
      if (found === '}' && wanted === 'name or }') return closed()
      return found === 'text' ? ':' : null
    case ':':
      return found === ':' ? 'value' : null
    case ', or end': {
      const inList = open.at(-1) === '['
      if (found === ',') return inList ? 'value' : 'name'
      return found === (inList ? ']' : '}') ? closed() : null
    }
    case 'end':
      return null
  }
}

/** Behind what the pattern finds right here; `at` when it finds nothing. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

/** Behind the closing quote of a text that begins here; `from` when it is broken. */
function endOfText(text: string, from: number): number {
  let at = from + 1
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 34) return at + 1
    if (code < 32) return from
    const end = code === 92 ? endOf(escape, text, at) : at + 1
    if (end === at) return from
    at = end
  }
  return from
}
