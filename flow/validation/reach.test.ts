import { describe, expect, it } from 'vitest'
import { flow, foundIn, line, start } from '../fixtures/found'
import { testKinds } from '../fixtures/kinds'
import { validate } from '../validate'

describe('triggers and reach', () => {
  it('misses a trigger in an empty flow and in one without', () => {
    expect(foundIn({})).toEqual(['no_trigger - nodes'])
    expect(foundIn({ nodes: [{ id: 'a', kind: 'step' }] })).toEqual(['no_trigger - nodes'])
  })

  it('warns of steps that nothing leads to, and not of what is inside of them', () => {
    const nodes = [start, { id: 'each', kind: 'each' }, { id: 'inside', kind: 'step', parent: 'each' }]
    expect(foundIn({ nodes })).toEqual(['(unreachable each nodes.1)'])
  })

  it('names the steps of a circle by the shortest way round', () => {
    const document = flow({
      nodes: [start, ...['a', 'b', 'c', 'd'].map((id) => ({ id, kind: 'step', name: id.toUpperCase() }))],
      edges: ['start:done>a', 'a:done>b', 'b:done>c', 'c:done>a', 'b:done>d', 'd:done>c'].map(line),
    })
    const [problem, ...others] = validate(document, testKinds)
    expect(problem?.code).toBe('cycle')
    expect(problem?.message).toContain('A → B → C → A')
    expect(others).toEqual([])
  })

  it('finds a circle inside of a container', () => {
    const nodes = [
      start,
      { id: 'each', kind: 'each' },
      { id: 'a', kind: 'step', parent: 'each' },
      { id: 'b', kind: 'step', parent: 'each' },
    ]
    const edges = ['start:done>each', 'a:done>b', 'b:done>a'].map(line)
    expect(foundIn({ nodes, edges })).toEqual(['cycle a nodes.2'])
  })
})
