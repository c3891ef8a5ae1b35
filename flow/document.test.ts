import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentSchema, edgeKey, emptyDocument, flowIdSchema, nodeIdSchema, nodeOf } from './document'
import { anyFlow } from './fixtures/arbitrary-flow'

describe('the shape of a document', { timeout: 60_000 }, () => {
  it('needs an id and the format, and fills in the rest', () => {
    expect(documentSchema.parse({ millrace: 1, id: 'f' })).toEqual({
      millrace: 1,
      id: 'f',
      name: '',
      description: '',
      tags: [],
      state: {},
      settings: {},
      nodes: [],
      edges: [],
      notes: [],
    })
  })

  it('fills in the port of an edge and the place of a node', () => {
    const document = documentSchema.parse({
      millrace: 1,
      id: 'f',
      nodes: [{ id: 'a', kind: 'step' }],
      edges: [{ from: 'a', to: 'b' }],
    })
    expect(document.edges).toEqual([{ from: 'a', port: 'done', to: 'b' }])
    expect(nodeOf(document, 'a')).toEqual({
      id: 'a',
      kind: 'step',
      name: '',
      config: {},
      position: { x: 0, y: 0 },
    })
    expect(nodeOf(document, 'b')).toBeUndefined()
  })

  it('is the same after it was parsed again', () => {
    fc.assert(
      fc.property(anyFlow, (document) => {
        expect(documentSchema.parse(document)).toStrictEqual(document)
      }),
    )
  })

  it.each([
    ['a field that is not known', { colour: 'red' }],
    ['a node field that is not known', { nodes: [{ id: 'a', kind: 'x', foo: 1 }] }],
    ['an edge with a field that is not known', { edges: [{ from: 'a', to: 'b', label: 'x' }] }],
    ['a node id with a dash', { nodes: [{ id: 'a-b', kind: 'x' }] }],
    ['a node id that begins with a digit', { nodes: [{ id: '1a', kind: 'x' }] }],
    ['a kind without a name', { nodes: [{ id: 'a', kind: '' }] }],
    ['a timeout in other words', { settings: { timeout: '5 minutes' } }],
    ['a join by no lines', { nodes: [{ id: 'a', kind: 'x', join: { count: 0 } }] }],
    ['a retry of no attempts', { settings: { retry: { maxAttempts: 0 } } }],
    ['config that is no JSON', { nodes: [{ id: 'a', kind: 'x', config: { at: new Date(0) } }] }],
    [
      'more steps than a flow may have',
      { nodes: Array.from({ length: 2_001 }, (_, at) => ({ id: `n${at}`, kind: 'x' })) },
    ],
  ])('refuses %s', (_, part) => {
    expect(documentSchema.safeParse({ millrace: 1, id: 'f', ...part }).success).toBe(false)
  })

  it('tells flow ids from node ids: these may have capitals', () => {
    expect(flowIdSchema.safeParse('Renewal').success).toBe(false)
    expect(nodeIdSchema.safeParse('Renewal').success).toBe(true)
  })

  it('names an edge by its three fields', () => {
    const { edges } = documentSchema.parse({
      millrace: 1,
      id: 'f',
      edges: [{ from: 'a', port: 'true', to: 'b' }],
    })
    expect(edges.map(edgeKey)).toEqual(['a:true>b'])
  })

  it('makes an empty flow of an id and a name', () => {
    const document = emptyDocument(flowIdSchema.parse('f'), 'Flow')
    expect(documentSchema.parse(document)).toStrictEqual(document)
    expect(document.name).toBe('Flow')
  })
})
