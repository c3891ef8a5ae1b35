import { describe, expect, it } from 'vitest'
import { behindStart, foundIn, line, start } from '../fixtures/found'

describe('containers', () => {
  it('find one that holds nothing, and only warn while it is switched off', () => {
    expect(foundIn(behindStart({ id: 'each', kind: 'each' }))).toEqual(['container_empty each nodes.1'])
    expect(foundIn(behindStart({ id: 'each', kind: 'each', disabled: true }))).toEqual([
      '(container_empty each nodes.1)',
    ])
  })

  it('may hold containers that hold steps', () => {
    const nodes = [
      start,
      { id: 'outer', kind: 'each' },
      { id: 'inner', kind: 'each', parent: 'outer' },
      { id: 'a', kind: 'step', parent: 'inner' },
    ]
    expect(foundIn({ nodes, edges: [line('start:done>outer')] })).toEqual([])
  })

  it('let steps inside see the error that was caught before them', () => {
    const nodes = [
      start,
      { id: 'a', kind: 'effect', onError: 'route' as const },
      { id: 'each', kind: 'each' },
      { id: 'b', kind: 'step', parent: 'each', config: { value: '${ error.code }' } },
    ]
    expect(foundIn({ nodes, edges: ['start:done>a', 'a:error>each'].map(line) })).toEqual([])
    expect(foundIn({ nodes, edges: ['start:done>a', 'a:done>each'].map(line) })).toEqual([
      '(reference_unknown b nodes.3.config.value)',
    ])
  })
})
