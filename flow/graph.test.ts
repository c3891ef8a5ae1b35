import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentSchema } from './document'
import { anyFlow } from './fixtures/arbitrary-flow'
import { testKinds } from './fixtures/kinds'
import { graphOf } from './graph'
import { kindsOf } from './kind'

const document = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'each', kind: 'each' },
    { id: 'a', kind: 'step', parent: 'each' },
    { id: 'b', kind: 'step', parent: 'each' },
    { id: 'last', kind: 'unknown' },
    { id: 'hook', kind: 'webhook' },
  ],
  edges: [
    { from: 'start', to: 'each' },
    { from: 'a', to: 'b' },
    { from: 'each', to: 'last' },
    { from: 'start', to: 'a' },
    { from: 'gone', to: 'last' },
    { from: 'last', to: 'gone' },
  ],
})
const graph = graphOf(document, testKinds)

describe('the graph of a document', { timeout: 60_000 }, () => {
  it('finds nodes and their definitions', () => {
    expect(graph.node('each')).toBe(document.nodes[1])
    expect(graph.node('gone')).toBeUndefined()
    expect(graph.definition('each')?.container).toBe(true)
    expect(graph.definition('last')).toBeUndefined()
  })

  it('leaves out edges to nowhere and across the border of a container', () => {
    expect(graph.outgoing('start').map((edge) => edge.to)).toEqual(['each'])
    expect(graph.incoming('a')).toEqual([])
    expect(graph.incoming('last').map((edge) => edge.from)).toEqual(['each'])
  })

  it('tells bodies and their entries', () => {
    expect(graph.bodyOf(null)).toEqual(['start', 'each', 'last', 'hook'])
    expect(graph.bodyOf('each')).toEqual(['a', 'b'])
    expect(graph.entriesOf('each')).toEqual(['a'])
    expect(graph.entriesOf(null)).toEqual(['start', 'hook'])
    expect(graph.bodyOf('a')).toEqual([])
  })

  it('follows edges in both directions', () => {
    expect([...graph.downstream('start')]).toEqual(['each', 'last'])
    expect([...graph.upstream('last')]).toEqual(['each', 'start'])
    expect([...graph.upstream('b')]).toEqual(['a'])
  })

  it('lists the triggers', () => {
    expect(graph.triggers().map((node) => node.id)).toEqual(['start', 'hook'])
  })

  it('is made once for a document and its kinds', () => {
    expect(graphOf(document, testKinds)).toBe(graph)
    expect(graphOf(document, kindsOf([]))).not.toBe(graph)
    expect(graphOf({ ...document }, testKinds)).not.toBe(graph)
  })

  it('agrees with itself: what is before is what has it after', () => {
    fc.assert(
      fc.property(anyFlow, (any) => {
        const made = graphOf(any, testKinds)
        const ids = [...new Set(any.nodes.map((node) => node.id))]
        for (const id of ids)
          for (const other of ids) expect(made.upstream(id).has(other)).toBe(made.downstream(other).has(id))
      }),
      { numRuns: 50 },
    )
  })
})
