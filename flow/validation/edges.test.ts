import { describe, expect, it } from 'vitest'
import { flow, found, foundIn, line, start } from '../fixtures/found'

describe('edges', () => {
  it('finds lines to nowhere, to themselves, twice, into triggers, by ports that are not there', () => {
    const nodes = [
      start,
      { id: 'check', kind: 'condition', config: { expression: 'true' } },
      { id: 'a', kind: 'step' },
      { id: 'end', kind: 'complete' },
    ]
    const edges = [
      'start:done>check',
      'check:true>a',
      'check:maybe>a',
      'check:false>gone',
      'gone:done>a',
      'a:done>a',
      'a:error>end',
      'a:done>end',
      'a:done>end',
      'a:done>start',
      'end:done>a',
    ].map(line)
    const codes = found(flow({ nodes, edges })).filter((each) => !each.startsWith('cycle'))
    expect(codes).toEqual([
      'unknown_port check edges.2',
      'edge_to_nowhere check edges.3',
      'edge_to_nowhere a edges.4',
      'self_edge a edges.5',
      'error_port_off a edges.6',
      '(duplicate_edge a edges.8)',
      'edge_into_trigger start edges.9',
      'unknown_port end edges.10',
    ])
  })

  it('finds lines across the border of a container', () => {
    const nodes = [start, { id: 'each', kind: 'each' }, { id: 'a', kind: 'step', parent: 'each' }]
    expect(foundIn({ nodes, edges: [line('start:done>each'), line('start:done>a')] })).toEqual([
      'edge_crosses_container start edges.1',
    ])
  })

  it('lets a line leave on errors when they are routed', () => {
    const nodes = [start, { id: 'a', kind: 'step', onError: 'route' as const }, { id: 'b', kind: 'step' }]
    expect(foundIn({ nodes, edges: [line('start:done>a'), line('a:error>b')] })).toEqual([])
  })
})
