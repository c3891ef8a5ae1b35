import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import { neighborOf, type Direction } from './walk'

const flow = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'start', kind: 'start', position: { x: 0, y: 100 } },
    { id: 'ask', kind: 'condition', config: { expression: 'true' }, position: { x: 300, y: 100 } },
    { id: 'yes', kind: 'text', position: { x: 600, y: 0 } },
    { id: 'no', kind: 'text', position: { x: 600, y: 200 } },
    { id: 'far', kind: 'text', position: { x: 2_000, y: 90 } },
  ],
  edges: [
    { from: 'start', to: 'ask' },
    { from: 'ask', port: 'true', to: 'yes' },
    { from: 'ask', port: 'false', to: 'no' },
  ],
})
const from = (id: string, direction: Direction) =>
  neighborOf(
    flow,
    flow.nodes.find((node) => node.id === id)!,
    direction,
  )?.id

describe('neighborOf', () => {
  it('follows the lines to the right and back to the left', () => {
    expect(from('start', 'right')).toBe('ask')
    expect(['yes', 'no']).toContain(from('ask', 'right'))
    expect(from('no', 'left')).toBe('ask')
  })
  it('goes up and down to the nearest step there', () => {
    expect(from('yes', 'down')).toBe('no')
    expect(from('no', 'up')).toBe('yes')
  })
  it('takes the nearest on that side where no line leads', () => {
    expect(from('yes', 'right')).toBe('far')
  })
  it('stays where nothing is on that side', () => {
    expect(from('far', 'right')).toBeUndefined()
  })
})
