import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import { notesAside } from './notes-aside'

const size = { width: 200, height: 80 }
const document = documentSchema.parse({
  millrace: 1,
  id: 'noted',
  nodes: [
    { id: 'first', kind: 'text', position: { x: 0, y: 0 } },
    { id: 'second', kind: 'text', position: { x: 1000, y: 0 } },
  ],
  notes: [{ id: 'about_second', text: 'b', position: { x: 1000, y: 100 }, size }],
})

describe('notes beside steps that move', () => {
  it('go with the step that they lie nearest to', () => {
    const places = notesAside(document, { first: { x: 0, y: 0 }, second: { x: 300, y: 500 } })
    expect(places).toEqual({ about_second: { x: 300, y: 600 } })
  })

  it('lie below a step that would be under them', () => {
    const positions = { second: { x: 0, y: 0 }, first: { x: 0, y: 120 } }
    expect(notesAside(document, positions).about_second?.y).toBeGreaterThan(120 + 52)
  })

  it('do not cover one another', () => {
    const notes = [document.notes[0]!, { ...document.notes[0]!, id: 'another' }]
    const places = notesAside({ ...document, notes }, {})
    expect(places.another!.y - places.about_second!.y).toBeGreaterThanOrEqual(size.height)
  })

  it('stay where no step is', () => {
    expect(notesAside({ ...document, nodes: [] }, {})).toEqual({})
  })
})
