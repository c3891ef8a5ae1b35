const stopWords = new Set(
  `a an and are as at be been but by can could do does for from had has have he her here his how i if in into is it its
  me my of on or our she should so some than that the their them then there these they this to too up us was we were what
  when where which while who will with would you your please just very`.split(/\s+/),
)

/** The words of a text by their stems, lower case, without those that say nothing. */
export function stemsOf(text: string): string[] {
  return wordsOf(text).map((each) => each.stem)
}

/** The words that say something, lower case, each with its stem. */
export function wordsOf(text: string): { word: string; stem: string }[] {
  const words =
    splitNames(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  return words.filter((word) => !stopWords.has(word)).map((word) => ({ word, stem: stem(word) }))
}

/** `isUrgent` and `is_urgent` are two words. */
export function splitNames(text: string): string {
  return text.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').replace(/_/g, ' ')
}

/** A rough stem of an English word: enough for `failing`, `failed` and `fails` to meet. */
function stem(word: string): string {
  if (word.length <= 4) return word.replace(/(?<=..)s$/, '')
  return word.replace(/(?:ations?|ingly|ing|edly|ed|ies|ily|ly|ment|ness|es|s|e|y)$/, '')
}

/** How many of the wanted stems occur, each counted once. */
export function overlap(wanted: Iterable<string>, found: ReadonlySet<string>): number {
  let count = 0
  for (const each of new Set(wanted)) if (found.has(each)) count += 1
  return count
}

/** Sentences, list items and lines of a text, in order, trimmed. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+/)
    .flatMap(
      (line) =>
        line
          .replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '')
          .match(/[^.!?]+(?:[.!?]+(?=\s|$)|[.!?](?=\S)[^.!?]*)*/g) ?? [],
    )
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
}
