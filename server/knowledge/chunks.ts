import type { Section } from './section'

/** A passage of a document, as it is found and quoted. */
export interface Chunk {
  place: string | null
  text: string
}

/** Characters of a passage. Long enough to answer a question, short enough that ten fit into a prompt. */
const chunkChars = 1_200
/** A passage begins with as much of the end of the one before, so that a sentence between two is found. */
const overlapChars = 150

/** Cuts sections into passages: at paragraphs where that can be, else at sentences, words, and at last anywhere. */
export function chunksOf(sections: readonly Section[]): Chunk[] {
  return sections.flatMap(({ place, text }) => cut(text.trim()).map((chunk) => ({ place, text: chunk })))
}

function cut(text: string): string[] {
  const chunks: string[] = []
  let start = 0
  while (start < text.length) {
    const rest = text.length - start
    const end = rest <= chunkChars ? text.length : start + breakIn(text.slice(start, start + chunkChars))
    const chunk = text.slice(start, end).trim()
    if (/[\p{L}\p{N}]/u.test(chunk)) chunks.push(chunk)
    if (end >= text.length) break
    start = Math.max(start + 1, startAfter(text, end))
  }
  return chunks
}

/** Where to end a passage: behind the last break of the best sort in its second half. */
function breakIn(window: string): number {
  const half = chunkChars / 2
  for (const sort of [/\n\s*\n/g, /[.!?。！？]["'”’)]*\s|[。！？]/g, /\n/g, /\s/g]) {
    let best = -1
    for (const match of window.matchAll(sort)) best = match.index + match[0].length
    if (best > half) return best
  }
  // No half of a character outside the basic plane is left behind.
  return /[\ud800-\udbff]$/.test(window) ? window.length - 1 : window.length
}

/** Where the next passage begins: at a word that the overlap holds. */
function startAfter(text: string, end: number): number {
  const overlap = text.slice(Math.max(0, end - overlapChars), end)
  const sentence = /[.!?。！？]\s+(?=\S)/.exec(overlap)
  const at = sentence ? sentence.index + sentence[0].length : overlap.search(/\s\S/) + 1
  return at <= 0 ? end : end - overlap.length + at
}
