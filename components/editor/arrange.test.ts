import { describe, expect, it } from 'vitest'
import { aligned, distributed } from './arrange'

const node = (id: string, x: number, y: number) => ({ id, x, y, width: 212, height: 52 })

describe('aligned', () => {
  const nodes = [node('a', 0, 10), node('b', 300, 50)]
  it('lines up left sides and tops', () => {
    expect(aligned(nodes, 'left')).toEqual({ a: { x: 0, y: 10 }, b: { x: 0, y: 50 } })
    expect(aligned(nodes, 'top')).toEqual({ a: { x: 0, y: 10 }, b: { x: 300, y: 10 } })
  })
  it('lines up right sides and bottoms', () => {
    expect(aligned(nodes, 'right').a?.x).toBe(300)
    expect(aligned(nodes, 'bottom').a?.y).toBe(50)
  })
})

describe('distributed', () => {
  it('makes the gaps equal and leaves the outermost where they are', () => {
    const places = distributed([node('c', 1_000, 0), node('a', 0, 0), node('b', 300, 0)], 'x')
    expect(places).toEqual({ a: { x: 0, y: 0 }, b: { x: 500, y: 0 }, c: { x: 1_000, y: 0 } })
  })
  it('has nothing to do for fewer than three', () => {
    expect(distributed([node('a', 0, 0), node('b', 300, 0)], 'x')).toEqual({})
  })
})
