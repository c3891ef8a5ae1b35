import { chunksOf, type Chunk } from './chunks'
import type { Format } from './formats'
import { htmlSections } from './html'
import { markdownSections } from './markdown'
import { pdfSections } from './pdf'
import { cleaned, decoded } from './plain-text'
import type { Section } from './section'

export interface ReadQuestion {
  format: Format
  bytes: Uint8Array
  /** Past these the document is refused. */
  maxCharacters: number
}

export type ReadAnswer =
  | { chunks: Chunk[]; characters: number }
  /** For people; the name of the document stands before it. */
  | { problem: { code: string; message: string } }

/** Reads a document into passages. What is wrong with it is an answer, not an error. */
export async function readDocument({ format, bytes, maxCharacters }: ReadQuestion): Promise<ReadAnswer> {
  try {
    const read = await sectionsOf(format, bytes)
    if (read === null) return problem('document_broken', 'is no text. Upload text, Markdown, HTML or PDF.')
    const sections = read.map(({ place, text }) => ({ place: place && cleaned(place), text: cleaned(text) }))
    const characters = sections.reduce((sum, { text }) => sum + text.length, 0)
    if (characters > maxCharacters) {
      const most = maxCharacters.toLocaleString('en')
      return problem('document_too_long', `holds more than ${most} characters of text. Divide it.`)
    }
    const chunks = chunksOf(sections)
    if (chunks.length > 0) return { chunks, characters }
    return format === 'pdf'
      ? problem(
          'document_without_text',
          'holds no text, only pictures of it. Have a program for text recognition (OCR) add the text, and upload it again.',
        )
      : problem('document_without_text', 'holds no text.')
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      return problem('document_locked', 'is locked with a password. Upload a copy without one.')
    }
    const reason = error instanceof Error ? error.message : String(error)
    return problem('document_broken', `cannot be read: ${reason}`)
  }
}

async function sectionsOf(format: Format, bytes: Uint8Array): Promise<Section[] | null> {
  if (format === 'pdf') return pdfSections(bytes)
  const text = decoded(bytes)
  if (text === null) return null
  const plain = text.replace(/\r\n?/g, '\n')
  if (format === 'html') return htmlSections(plain)
  if (format === 'markdown') return markdownSections(plain)
  return [{ place: null, text: plain }]
}

function problem(code: string, message: string): ReadAnswer {
  return { problem: { code, message } }
}
