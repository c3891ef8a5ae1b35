import { countWords } from './size-words'

/** How far it is, in a line. */
export function embeddingWords({
  state,
  embedded,
  passages,
}: {
  state: 'off' | 'working' | 'waiting' | 'failed' | 'ready'
  embedded: number
  passages: number
}): string {
  if (state === 'off') return 'Passages are found by their words alone.'
  if (state === 'ready') {
    if (passages === 0) return 'What is uploaded will be embedded.'
    return passages === 1
      ? 'The one passage is embedded.'
      : `All ${countWords(passages, 'passage')} are embedded.`
  }
  const part = `${embedded.toLocaleString('en')} of ${countWords(passages, 'passage')}`
  return state === 'working' ? `Embedding: ${part}…` : `${part} embedded.`
}
