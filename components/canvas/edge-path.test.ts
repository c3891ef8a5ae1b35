import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import { curveBetween, edgeNear, hasRoomFor, pointAlong } from './edge-path'

const flow = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'a', kind: 'start', position: { x: 0, y: 0 } },
    { id: 'b', kind: 'text', position: { x: 400, y: 0 } },
    { id: 'c', kind: 'text', position: { x: 400, y: 400 } },
  ],
  edges: [
    { from: 'a', to: 'b' },
    { from: 'a', to: 'c' },
    { from: 'a', port: 'none', to: 'b' },
  ],
})

describe('a curve', () => {
  it('begins and ends at its ends', () => {
    const curve = curveBetween({ x: 0, y: 0 }, { x: 100, y: 50 })
    expect(pointAlong(curve, 0)).toEqual({ x: 0, y: 0 })
    expect(pointAlong(curve, 1)).toEqual({ x: 100, y: 50 })
  })
  it('leaves to the right and enters from the left, backwards too', () => {
    const { from, to, fromControl, toControl } = curveBetween({ x: 500, y: 0 }, { x: 0, y: 100 })
    expect(fromControl.x).toBeGreaterThan(from.x)
    expect(toControl.x).toBeLessThan(to.x)
  })
})

describe('edgeNear', () => {
  it('finds the edge that passes a point', () => {
    expect(edgeNear(flow, { x: 306, y: 30 }, 20)).toBe('a:done>b')
    expect(edgeNear(flow, { x: 306, y: 226 }, 20)).toBe('a:done>c')
  })
  it('finds none where none passes', () => {
    expect(edgeNear(flow, { x: 306, y: 600 }, 20)).toBeNull()
  })
  it('leaves out the edges of the node that is dragged', () => {
    expect(edgeNear(flow, { x: 306, y: 26 }, 20, 'b')).toBeNull()
  })
})

describe('a word on a line', () => {
  it('has room between steps that stand apart', () => {
    expect(hasRoomFor(60, curveBetween({ x: 0, y: 0 }, { x: 120, y: 20 }))).toBe(true)
  })
  it('has none where it would lie on the ports of either step', () => {
    expect(hasRoomFor(60, curveBetween({ x: 0, y: 0 }, { x: 40, y: 20 }))).toBe(false)
    expect(hasRoomFor(60, curveBetween({ x: 0, y: 0 }, { x: -200, y: 10 }))).toBe(false)
  })
  it('has room where the line leads far up or down between them', () => {
    expect(hasRoomFor(60, curveBetween({ x: 0, y: 0 }, { x: 40, y: 300 }))).toBe(true)
  })
})
