import { describe, expect, it } from 'vitest'
import { documentSchema, type FlowDocument } from '@/flow/document'
import { kinds } from '@/nodes/definitions'
import { staleNodes } from './stale'

const ran = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'fetch', kind: 'http_request', config: { url: 'https://a.example' } },
    { id: 'say', kind: 'text', config: { text: 'hi' } },
    { id: 'aside', kind: 'text', config: { text: 'hi' } },
  ],
  edges: [
    { from: 'start', to: 'fetch' },
    { from: 'fetch', to: 'say' },
    { from: 'start', to: 'aside' },
  ],
})
const all = () => true
const edited = (change: (node: FlowDocument['nodes'][number]) => object): FlowDocument => ({
  ...ran,
  nodes: ran.nodes.map((node) => ({ ...node, ...change(node) })),
})
const stale = (drawn: FlowDocument, has: (node: string) => boolean = all) =>
  Object.fromEntries(staleNodes(ran, drawn, has, kinds))

describe('stale results', () => {
  it('are none while nothing but places and names changed', () => {
    expect(stale(ran)).toEqual({})
    expect(stale(edited(() => ({ position: { x: 9, y: 9 }, name: 'New', note: 'why' })))).toEqual({})
  })

  it('are those of a changed step and of all that follows it', () => {
    const drawn = edited(({ id }) => (id === 'fetch' ? { config: { url: 'https://b.example' } } : {}))
    expect(stale(drawn)).toEqual({ fetch: 'changed', say: 'after' })
  })

  it('are those of a step that another line leads to', () => {
    expect(stale({ ...ran, edges: ran.edges.slice(0, 2) })).toEqual({ aside: 'changed' })
  })

  it('are only those that the run has', () => {
    const drawn = edited(({ id }) => (id === 'fetch' ? { config: {} } : {}))
    expect(stale(drawn, (node) => node === 'say')).toEqual({ say: 'after' })
  })
})
