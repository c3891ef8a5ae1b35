/**
 * A value as the faint second line of a node: a text in one line, an object by the names of its members. Takes anything, for
 * a draft's config may hold anything.
 */
export function oneLine(value: unknown, maxChars = 80): string {
  const line = wordsOf(value)
    .slice(0, maxChars * 10)
    .trim()
    .replace(/\s+/g, ' ')
  return line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line
}

function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'object' && !Array.isArray(value)) return Object.keys(value).join(', ')
  return JSON.stringify(value)
}

/** `1 case`, `3 cases`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}
