/** Scripts that are written without spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/gu

/**
 * Text as the full-text search is given it. Scripts without spaces become their pairs of characters, so that a part of what
 * stands between two spaces is found; large and small letters and accents are left to the search.
 */
export function searchable(text: string): string {
  return text.normalize('NFKC').replace(unspaced, (run) => ` ${pairs([...run]).join(' ')} `)
}

function pairs(characters: string[]): string[] {
  if (characters.length < 2) return characters
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
}
