/**
 * The first line of a value as the faint second line of a node. Takes anything, for a draft's config may hold anything.
 */
export function oneLine(value: unknown, maxChars = 80): string {
  if (value === undefined || value === null) return ''
  const whole = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const line = whole.trim().split('\n', 1)[0] ?? ''
  return line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line
}

/** `1 case`, `3 cases`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}
