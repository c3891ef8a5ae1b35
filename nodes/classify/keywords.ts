/**
 * Which of the keywords stand in a text, each once: as whole words or phrases, whatever the case, the accents or the
 * blanks between; one that ends in `*` as the beginning of a word.
 */
export function keywordsIn(text: string, keywords: readonly string[]): string[] {
  const words = ` ${plainWords(text)} `
  return [...new Set(keywords.map((keyword) => keyword.trim()))].filter((keyword) => {
    const sought = plainWords(keyword)
    return sought !== '' && words.includes(keyword.endsWith('*') ? ` ${sought}` : ` ${sought} `)
  })
}

/** Letters and digits only, small, one blank between the words. */
function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join(' ')
}
