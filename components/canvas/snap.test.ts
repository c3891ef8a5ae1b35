import { describe, expect, it } from 'vitest'
import { around, snap } from './snap'

const box = (x: number, y: number, width = 200, height = 50) => ({ x, y, width, height })

describe('snap', () => {
  it('leaves a box alone when nothing is near', () => {
    expect(snap(box(0, 0), [box(1_000, 1_000)], 6)).toEqual({ offset: { x: 0, y: 0 }, guides: [] })
  })

  it('lines up left sides and tops and shows where', () => {
    const { offset, guides } = snap(box(103, 304), [box(100, 0), box(600, 300)], 6)
    expect(offset).toEqual({ x: -3, y: -4 })
    expect(guides).toMatchObject([
      { axis: 'x', at: 100 },
      { axis: 'y', at: 300 },
    ])
  })

  it('lines up centres of boxes of different size', () => {
    const { offset } = snap(box(0, 98, 200, 50), [box(400, 80, 200, 80)], 6)
    expect(offset.y).toBe(-3)
  })

  it('takes the nearest of several', () => {
    expect(snap(box(104, 0), [box(100, 500), box(105, 900)], 6).offset.x).toBe(1)
  })

  it('draws the line past both boxes', () => {
    const [guide] = snap(box(100, 300), [box(100, 0)], 6).guides
    expect(guide!.from).toBeLessThan(0)
    expect(guide!.to).toBeGreaterThan(350)
  })
})

describe('around', () => {
  it('is the smallest box that holds all', () => {
    expect(around([box(0, 10), box(300, -20, 10, 10)])).toEqual({ x: 0, y: -20, width: 310, height: 80 })
  })
})
