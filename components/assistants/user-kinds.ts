/** `premium, gold` as a list, each once; null when one is none. */
export function readUserKinds(text: string): string[] | null {
  const kinds = text
    .split(',')
    .map((kind) => kind.trim())
    .filter((kind) => kind !== '')
  return kinds.every((kind) => /^[\w-]{1,64}$/.test(kind)) ? [...new Set(kinds)] : null
}
