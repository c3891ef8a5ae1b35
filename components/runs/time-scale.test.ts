import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeScaleOf } from './time-scale'

describe('time scale', () => {
  it('is linear while something works', () => {
    const scale = timeScaleOf(4_000, [{ fromMs: 0, toMs: 4_000 }])
    expect(scale.at(1_000)).toBe(0.25)
    expect(scale.gaps).toEqual([])
  })

  it('draws two days of waiting short, so that the steps around it stay visible', () => {
    const dayMs = 86_400_000
    const scale = timeScaleOf(2 * dayMs + 4_000, [
      { fromMs: 0, toMs: 2_000 },
      { fromMs: 2 * dayMs + 2_000, toMs: 2 * dayMs + 4_000 },
    ])
    expect(scale.gaps).toHaveLength(1)
    expect(scale.at(2_000)).toBeCloseTo(0.46, 2)
    expect(scale.at(2 * dayMs + 2_000)).toBeCloseTo(0.54, 2)
  })

  it('keeps a wait that is short beside the work to scale', () => {
    const scale = timeScaleOf(10_000, [
      { fromMs: 0, toMs: 5_000 },
      { fromMs: 6_500, toMs: 10_000 },
    ])
    expect(scale.gaps).toEqual([])
  })

  it('never goes back and stays on the line', () => {
    const span = fc
      .tuple(fc.nat(100_000), fc.nat(100_000))
      .map(([a, b]) => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b) }))
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), fc.array(fc.nat(100_000)), (spans, times) => {
        const scale = timeScaleOf(100_000, spans)
        const places = times.sort((a, b) => a - b).map((ms) => scale.at(ms))
        for (const [index, place] of places.entries()) {
          expect(place).toBeGreaterThanOrEqual(index > 0 ? (places[index - 1] ?? 0) - 1e-9 : 0)
          expect(place).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
