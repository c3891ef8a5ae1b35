import { describe, expect, it } from 'vitest'
import { foundIn, line, start, type FlowInput } from '../fixtures/found'

/** A jump in branch `a` of a fork whose branches meet, or not. */
const inBranch = (to: string, kind: string, lines: string[]): FlowInput => ({
  nodes: [
    start,
    { id: 'before', kind: 'step' },
    { id: 'fork', kind, config: kind === 'condition' ? { expression: 'true' } : {} },
    { id: 'one', kind: 'step' },
    { id: 'ask', kind: 'condition', config: { expression: 'true' } },
    { id: 'again', kind: 'jump', config: { to } },
    { id: 'other', kind: 'step' },
    { id: 'meet', kind: 'join' },
  ],
  edges: [
    'start:done>before',
    'before:done>fork',
    ...lines,
    'one:done>ask',
    'ask:true>again',
    'ask:false>meet',
  ].map(line),
})
const parallel = ['fork:a>one', 'fork:b>other', 'other:done>meet']
const fanOut = ['fork:done>one', 'fork:done>other', 'other:done>meet']
const choice = ['fork:true>one', 'fork:false>other', 'other:done>meet']
const outOfBranch = ['jump_out_of_branch again nodes.5.config.to']

describe('jumps', () => {
  it('may go back within their branch', () => {
    expect(foundIn(inBranch('one', 'parallel', parallel))).toEqual([])
  })

  it.each(['before', 'fork', 'other', 'meet'])('may not leave a branch of a parallel for %s', (to) => {
    expect(foundIn(inBranch(to, 'parallel', parallel))).toEqual(outOfBranch)
  })

  it('may not leave one of several lines that meet again', () => {
    expect(foundIn(inBranch('before', 'step', fanOut))).toEqual(outOfBranch)
  })

  it('may go back over a choice: only one of its ways is taken', () => {
    expect(foundIn(inBranch('before', 'condition', choice))).toEqual([])
  })

  it('may go back over lines that never meet: nothing waits for them', () => {
    const apart = ['fork:done>one', 'fork:done>other']
    expect(foundIn(inBranch('before', 'step', apart))).toEqual([])
    expect(foundIn(inBranch('before', 'parallel', ['fork:a>one', 'fork:b>other']))).toEqual(outOfBranch)
  })

  it('may not cross the border of a container, in or out', () => {
    const nodes = [
      start,
      { id: 'each', kind: 'each' },
      { id: 'inside', kind: 'step', parent: 'each' },
      { id: 'out', kind: 'jump', parent: 'each', config: { to: 'start' } },
      { id: 'in', kind: 'jump', config: { to: 'inside' } },
    ]
    const edges = ['start:done>each', 'each:done>in', 'inside:done>out'].map(line)
    expect(foundIn({ nodes, edges })).toEqual([
      'jump_out_of_container out nodes.3.config.to',
      'jump_out_of_container in nodes.4.config.to',
    ])
  })

  it('go somewhere else', () => {
    const nodes = [start, { id: 'again', kind: 'jump', config: { to: 'again' } }]
    expect(foundIn({ nodes, edges: [line('start:done>again')] })).toEqual([
      'jump_to_itself again nodes.1.config.to',
    ])
  })
})
