import { lookOf } from '@/components/canvas/node-look'
import { noteCanvasId } from '@/components/canvas/node-models'
import type { FlowDocument } from '@/flow/document'

export interface Found {
  /** Canvas id. */
  id: string
  name: string
  /** Where the words are: a field and the text around them. */
  where: string
}

/** Steps and notes whose name, id, kind or any value holds the words. */
export function findIn(document: FlowDocument, words: string): Found[] {
  const wanted = words.trim().toLowerCase()
  if (wanted === '') return []
  const found: Found[] = []
  for (const node of document.nodes) {
    const look = lookOf(node)
    const place = [
      ['name', look.name],
      ['id', node.id],
      ['kind', look.title],
      ...textsOf(node.config, []),
      ...textsOf({ output: node.output, assign: node.assign, note: node.note }, []),
    ].find(([, text]) => text?.toLowerCase().includes(wanted))
    if (place)
      found.push({ id: node.id, name: look.name, where: excerpt(place[0] ?? '', place[1] ?? '', wanted) })
  }
  for (const note of document.notes) {
    if (note.text.toLowerCase().includes(wanted))
      found.push({ id: noteCanvasId(note.id), name: 'Note', where: excerpt('', note.text, wanted) })
  }
  return found
}

function textsOf(value: unknown, path: readonly string[]): [string, string][] {
  if (typeof value === 'string' || typeof value === 'number') return [[path.join('.'), String(value)]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => textsOf(each, [...path, key]))
}

function excerpt(field: string, text: string, wanted: string): string {
  const at = text.toLowerCase().indexOf(wanted)
  const from = Math.max(0, at - 16)
  const part = text.slice(from, at + wanted.length + 24).replace(/\s+/g, ' ')
  const words = `${from > 0 ? '…' : ''}${part}${from + part.length < text.length ? '…' : ''}`
  return field && field !== 'name' ? `${field}: ${words}` : words
}
