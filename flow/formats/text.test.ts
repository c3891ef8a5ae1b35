import { describe, expect, it } from 'vitest'
import { documentSchema, type FlowDocumentInput } from '../document'
import { testKinds } from '../fixtures/kinds'
import { play } from '../fixtures/play'
import { printText } from './text'

const flow = (input: Omit<FlowDocumentInput, 'millrace' | 'id'>) =>
  documentSchema.parse({ millrace: 1, id: 'renewal', ...input })

const outline = (input: Omit<FlowDocumentInput, 'millrace' | 'id'>) =>
  printText(flow(input), testKinds).split('\n').slice(2, -1)

describe('a flow as an outline', () => {
  it('indents branches and goes on where they come together', () => {
    expect(
      outline({
        nodes: [
          { id: 'start', kind: 'start' },
          { id: 'high', kind: 'condition', name: 'High risk?' },
          { id: 'call', kind: 'effect' },
          { id: 'mail', kind: 'effect', disabled: true },
          { id: 'note', kind: 'step' },
        ],
        edges: [
          { from: 'start', to: 'high' },
          { from: 'high', port: 'false', to: 'mail' },
          { from: 'high', port: 'true', to: 'call' },
          { from: 'call', to: 'note' },
          { from: 'mail', to: 'note' },
        ],
      }),
    ).toEqual([
      'start [start]',
      'High risk? (high) [condition]',
      '  True →',
      '    call [effect]',
      '  False →',
      '    mail [effect] (off)',
      'note [step]',
    ])
  })

  it('keeps a branch that ends the run, or leads nowhere, inside', () => {
    expect(
      outline({
        nodes: [
          { id: 'start', kind: 'start' },
          {
            id: 'sort',
            kind: 'switch',
            config: {
              cases: [
                { port: 'a', when: 'x' },
                { port: 'b', when: 'y' },
              ],
            },
          },
          { id: 'stop', kind: 'fail' },
          { id: 'one', kind: 'step' },
          { id: 'end', kind: 'complete' },
        ],
        edges: [
          { from: 'start', to: 'sort' },
          { from: 'sort', port: 'default', to: 'stop' },
          { from: 'sort', port: 'a', to: 'one' },
          { from: 'sort', port: 'b', to: 'end' },
          { from: 'one', to: 'end' },
        ],
      }),
    ).toEqual([
      'start [start]',
      'sort [switch]',
      '  a →',
      '    one [step]',
      '  b → ↪ end',
      '  otherwise →',
      '    stop [fail]',
      'end [complete]',
    ])
  })

  it('indents the way of errors and not the way on', () => {
    expect(
      outline({
        nodes: [
          { id: 'start', kind: 'start' },
          { id: 'call', kind: 'effect', onError: 'route' },
          { id: 'tell', kind: 'step' },
          { id: 'next', kind: 'step' },
        ],
        edges: [
          { from: 'start', to: 'call' },
          { from: 'call', to: 'next' },
          { from: 'call', port: 'error', to: 'tell' },
        ],
      }),
    ).toEqual(['start [start]', 'call [effect]', '  Error →', '    tell [step]', 'next [step]'])
  })

  it('indents the insides of containers', () => {
    expect(
      outline({
        nodes: [
          { id: 'start', kind: 'start' },
          { id: 'each', kind: 'each' },
          { id: 'a', kind: 'step', parent: 'each' },
          { id: 'b', kind: 'step', parent: 'each' },
          { id: 'last', kind: 'step' },
        ],
        edges: [
          { from: 'start', to: 'each' },
          { from: 'a', to: 'b' },
          { from: 'each', to: 'last' },
        ],
      }),
    ).toEqual(['start [start]', 'each [each]', '  Inside →', '    a [step]', '    b [step]', 'last [step]'])
  })

  it('numbers lines that leave by the same port', () => {
    expect(
      outline({
        nodes: [
          { id: 'start', kind: 'start' },
          { id: 'a', kind: 'step' },
          { id: 'b', kind: 'step' },
        ],
        edges: [
          { from: 'start', to: 'a' },
          { from: 'start', to: 'b' },
        ],
      }),
    ).toEqual(['start [start]', '  Branch 1 →', '    a [step]', '  Branch 2 →', '    b [step]'])
  })

  it('prints every step of a circle once', () => {
    expect(
      outline({
        nodes: [
          { id: 'a', kind: 'step' },
          { id: 'b', kind: 'step' },
        ],
        edges: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
        ],
      }),
    ).toEqual(['a [step]', 'b [step]', '↪ a'])
  })

  it('says of a run its number, end and order, and of steps what became of them', () => {
    const document = flow({
      name: 'Renewal\nmanagement',
      nodes: [
        { id: 'start', kind: 'start' },
        { id: 'check', kind: 'condition' },
        { id: 'yes', kind: 'step' },
        { id: 'no', kind: 'step' },
      ],
      edges: [
        { from: 'start', to: 'check' },
        { from: 'check', port: 'true', to: 'yes' },
        { from: 'check', port: 'false', to: 'no' },
      ],
    })
    const { state } = play({ document, kinds: testKinds })
    const lines = printText(document, testKinds, state).split('\n')
    expect(lines[0]).toBe('Renewal management (renewal)')
    expect(lines[1]).toMatch(/^Run 1: completed in \d+ ms$/)
    expect(lines[3]).toMatch(/^start \[start\] — #1 completed/)
    expect(lines.find((line) => line.includes('no [step]'))).toBe('    no [step] — skipped')
  })
})
