import { RequestError } from '../request-error'

/** What documents are read from. */
export type Format = 'text' | 'markdown' | 'html' | 'pdf'

export const mediaTypes: Record<Format, string> = {
  text: 'text/plain',
  markdown: 'text/markdown',
  html: 'text/html',
  pdf: 'application/pdf',
}

const byEnding: Record<string, Format> = {
  txt: 'text',
  text: 'text',
  log: 'text',
  csv: 'text',
  tsv: 'text',
  json: 'text',
  yaml: 'text',
  yml: 'text',
  xml: 'text',
  rst: 'text',
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  pdf: 'pdf',
}

/**
 * What a file is, by what it begins with, its name and at last what it was sent as. Throws RequestError 415 when it is
 * nothing that can be read.
 */
export function formatOf(name: string, mediaType: string, bytes: Uint8Array): Format {
  if (startsWith(bytes, '%PDF-')) return 'pdf'
  const ending = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const named = byEnding[ending]
  if (named === 'pdf') throw unreadable('document_broken', `${name} is called a PDF and is none.`)
  if (named) return named
  const sent = mediaType.split(';', 1)[0]?.trim().toLowerCase()
  if (sent === mediaTypes.html || sent === 'application/xhtml+xml') return 'html'
  if (sent === mediaTypes.markdown) return 'markdown'
  if (ending === '' && (sent?.startsWith('text/') || sent === 'application/json')) return 'text'
  throw unreadable(
    'document_type_unknown',
    `${name} is no document that can be read. Upload text, Markdown, HTML or PDF.`,
  )
}

function unreadable(code: string, message: string): RequestError {
  return new RequestError(415, code, message)
}

/** Whether the bytes begin with that text, a few bytes of rubbish before it allowed, as readers of PDF do. */
function startsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.subarray(0, 1024)).includes(text)
}
