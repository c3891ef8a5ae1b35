import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FlowDocument, FlowEdge } from '../document'
import { anyFlow } from '../fixtures/arbitrary-flow'
import { foundIn, line, start, type FlowInput } from '../fixtures/found'
import { testKinds } from '../fixtures/kinds'
import { portsOf } from '../kind'
import { validate } from '../validate'

describe('joins', { timeout: 60_000 }, () => {
  const fork = (
    join: NonNullable<FlowInput['nodes']>[number]['join'],
    kind: string,
    ports: [string, string],
  ): FlowInput => ({
    nodes: [
      start,
      { id: 'fork', kind, config: kind === 'condition' ? { expression: 'true' } : {} },
      { id: 'a', kind: 'step' },
      { id: 'b', kind: 'step' },
      { id: 'meet', kind: 'join', join },
    ],
    edges: ['start:done>fork', `fork:${ports[0]}>a`, `fork:${ports[1]}>b`, 'a:done>meet', 'b:done>meet'].map(
      line,
    ),
  })

  it('finds a join that waits for more lines than lead to it', () => {
    expect(foundIn(fork({ count: 3 }, 'parallel', ['a', 'b']))).toEqual([
      'join_never_fires meet nodes.4.join',
    ])
  })

  it('finds a join that waits for both ways out of a condition, and not for those of a parallel', () => {
    expect(foundIn(fork({ count: 2 }, 'condition', ['true', 'false']))).toEqual([
      'join_never_fires meet nodes.4.join',
    ])
    expect(foundIn(fork({ count: 2 }, 'parallel', ['a', 'b']))).toEqual([])
  })

  it('knows that all and any fire after a condition: dead lines count as decided', () => {
    expect(foundIn(fork('all', 'condition', ['true', 'false']))).toEqual([])
    expect(foundIn(fork('any', 'condition', ['true', 'false']))).toEqual([])
    expect(foundIn(fork({ count: 1 }, 'condition', ['true', 'false']))).toEqual([])
  })

  it('sees through several conditions at once', () => {
    const nodes = [
      start,
      ...['one', 'two'].map((id) => ({ id, kind: 'condition', config: { expression: 'true' } })),
      { id: 'meet', kind: 'join', join: { count: 3 } },
      ...['a', 'b', 'c', 'd'].map((id) => ({ id, kind: 'step' })),
    ]
    const edges = [
      'start:done>one',
      'start:done>two',
      'one:true>a',
      'one:false>b',
      'two:true>c',
      'two:false>d',
      ...['a', 'b', 'c', 'd'].map((id) => `${id}:done>meet`),
    ].map(line)
    expect(foundIn({ nodes, edges })).toEqual(['join_never_fires meet nodes.3.join'])
    const two = nodes.map((node) => (node.id === 'meet' ? { ...node, join: { count: 2 } } : node))
    expect(foundIn({ nodes: two, edges })).toEqual([])
  })

  it('is not misled by branches that come together before', () => {
    const input = fork({ count: 2 }, 'condition', ['true', 'false'])
    input.nodes?.push({ id: 'c', kind: 'step' })
    input.edges?.push(line('a:done>c'), line('b:done>c'), line('c:done>meet'))
    expect(foundIn(input)).toEqual([])
  })

  it('knows that one run is started by one trigger', () => {
    const nodes = [start, { id: 'hook', kind: 'webhook' }, { id: 'meet', kind: 'join', join: { count: 2 } }]
    expect(foundIn({ nodes, edges: [line('start:done>meet'), line('hook:done>meet')] })).toEqual([
      'join_never_fires meet nodes.2.join',
    ])
  })

  it('lets a join inside of a container wait for several entries', () => {
    const inside = ['a', 'b'].map((id) => ({ id, kind: 'step', parent: 'each' }))
    const nodes = [
      start,
      { id: 'each', kind: 'each' },
      ...inside,
      { id: 'meet', kind: 'join', parent: 'each', join: { count: 2 } },
    ]
    expect(foundIn({ nodes, edges: ['start:done>each', 'a:done>meet', 'b:done>meet'].map(line) })).toEqual([])
  })

  it('agrees with what can happen: a join that some choice of ways fills is never reported', () => {
    fc.assert(
      fc.property(anyFlow, (document) => {
        const reported = validate(document, testKinds).filter(
          (problem) => problem.code === 'join_never_fires',
        )
        for (const { node } of reported)
          expect(mostLive(document, node ?? '')).toBeLessThan(countOf(document, node ?? ''))
      }),
      { numRuns: 300 },
    )
  })
})

/** By trying: of many ways to choose, the most lines into a node that carry something. */
function mostLive(document: FlowDocument, id: string): number {
  const nodes = new Map([...document.nodes].reverse().map((node) => [node.id as string, node]))
  const edges = document.edges.filter(
    ({ from, to }) => nodes.has(from) && nodes.has(to) && nodes.get(from)?.parent === nodes.get(to)?.parent,
  )
  const definitionOf = (node: string) => testKinds.get(nodes.get(node)?.kind ?? '')
  const triggers = [...nodes.keys()].filter((node) => definitionOf(node)?.trigger)
  const entries = [...nodes.keys()].filter((node) => !edges.some((edge) => edge.to === node))

  const portsOfNode = (id: string): string[] => {
    const node = nodes.get(id)
    const definition = definitionOf(id)
    return node && definition ? portsOf(definition, node).map((port) => port.name) : []
  }
  const liveIn = (seed: number): number => {
    const isTaken = ({ from, port }: FlowEdge) => {
      const ports = portsOfNode(from)
      if (ports.length < 2 || definitionOf(from)?.branchLimit) return true
      return port === ports[(seed * 31 + from.charCodeAt(1) * 7) % ports.length]
    }
    const trigger = triggers[seed % Math.max(1, triggers.length)]
    const live = new Set(entries.filter((node) => !definitionOf(node)?.trigger || node === trigger))
    for (const at of live) for (const edge of edges) if (edge.from === at && isTaken(edge)) live.add(edge.to)
    return edges.filter((edge) => edge.to === id && live.has(edge.from) && isTaken(edge)).length
  }
  return Math.max(...Array.from({ length: 200 }, (_, seed) => liveIn(seed)))
}

function countOf(document: FlowDocument, id: string): number {
  const join = document.nodes.find((node) => node.id === id)?.join
  return typeof join === 'object' ? join.count : 1
}
