import { describe, expect, it } from 'vitest'
import { documentSchema, type FlowDocumentInput } from '@/flow/document'
import { compareDocuments, mergeDocuments } from './merge'

function flow(change: Partial<FlowDocumentInput> = {}) {
  return documentSchema.parse({
    millrace: 1,
    id: 'orders',
    name: 'Orders',
    nodes: [
      { id: 'start', kind: 'start' },
      { id: 'say', kind: 'text', name: 'Say', config: { text: 'hello', level: 1 } },
    ],
    edges: [{ from: 'start', to: 'say' }],
    ...change,
  })
}
const base = flow()
const withSay = (say: object) =>
  flow({
    nodes: [
      { id: 'start', kind: 'start' },
      { id: 'say', kind: 'text', name: 'Say', config: { text: 'hello', level: 1 }, ...say },
    ],
  })

describe('merging two descendants of one document', () => {
  it('finds nothing where they agree', () => {
    expect(compareDocuments(base, flow(), flow())).toEqual([])
    expect(mergeDocuments(base, base, flow(), () => 'mine')).toEqual(base)
  })

  it('keeps changes of different fields of the same step without asking', () => {
    const mine = withSay({ name: 'Greet' })
    const theirs = withSay({ config: { text: 'hello', level: 2 } })
    expect(compareDocuments(base, mine, theirs).map((each) => [each.key, each.by])).toEqual([
      ['node/say/name', 'mine'],
      ['node/say/config/level', 'theirs'],
    ])
    const merged = mergeDocuments(base, mine, theirs, () => {
      throw new Error('nothing to decide')
    })
    expect(merged.nodes[1]).toMatchObject({ name: 'Greet', config: { text: 'hello', level: 2 } })
  })

  it('asks for a field that both changed, and takes the chosen side', () => {
    const mine = withSay({ config: { text: 'mine', level: 1 } })
    const theirs = withSay({ config: { text: 'theirs', level: 1 } })
    const [conflict, ...rest] = compareDocuments(base, mine, theirs)
    expect(rest).toEqual([])
    expect(conflict).toMatchObject({
      by: 'both',
      field: 'config/text',
      base: 'hello',
      mine: 'mine',
      theirs: 'theirs',
    })
    expect(mergeDocuments(base, mine, theirs, () => 'mine').nodes[1]?.config.text).toBe('mine')
    expect(mergeDocuments(base, mine, theirs, () => 'theirs').nodes[1]?.config.text).toBe('theirs')
  })

  it('asks when one removed a step that the other changed', () => {
    const mine = flow({ nodes: [{ id: 'start', kind: 'start' }], edges: [] })
    const theirs = withSay({ name: 'Greet' })
    const conflict = compareDocuments(base, mine, theirs).find((each) => each.by === 'both')
    expect(conflict).toMatchObject({ key: 'node/say', field: null, mine: undefined })
    expect(mergeDocuments(base, mine, theirs, () => 'mine').nodes).toHaveLength(1)
    expect(mergeDocuments(base, mine, theirs, () => 'theirs').nodes[1]?.name).toBe('Greet')
  })

  it('keeps what each side added and drops lines to steps that are gone', () => {
    const mine = flow({ nodes: [{ id: 'start', kind: 'start' }], edges: [] })
    const theirs = flow({
      nodes: [...base.nodes, { id: 'log', kind: 'log' }],
      edges: [...base.edges, { from: 'say', to: 'log' }],
    })
    const merged = mergeDocuments(base, mine, theirs, () => 'theirs')
    expect(merged.nodes.map((node) => node.id)).toEqual(['start', 'log'])
    expect(merged.edges).toEqual([])
  })

  it('clears a field that the chosen side cleared', () => {
    const before = withSay({ note: 'old' })
    const merged = mergeDocuments(before, withSay({ note: 'old' }), withSay({}), () => 'mine')
    expect(merged.nodes[1]?.note).toBeUndefined()
  })
})
