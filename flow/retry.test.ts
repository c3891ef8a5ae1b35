import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeSchema, settingsSchema } from './document'
import { mayRetry, retryDelayMs, retryPolicyOf } from './retry'

const policy = (retry: object, settings: object = {}) =>
  retryPolicyOf(nodeSchema.parse({ id: 'a', kind: 'step', retry }), settingsSchema.parse(settings))

describe('retryPolicyOf', () => {
  it('makes one attempt when nothing is set', () => {
    expect(policy({})).toMatchObject({
      maxAttempts: 1,
      intervalMs: 1_000,
      backoffRate: 2,
      maxIntervalMs: 60_000,
    })
  })

  it('takes what the node leaves open from the flow', () => {
    const found = policy({ interval: 'PT5S' }, { retry: { maxAttempts: 4, interval: 'PT9S' } })
    expect(found).toMatchObject({ maxAttempts: 4, intervalMs: 5_000 })
  })
})

describe('mayRetry', () => {
  it('stops at the last attempt', () => {
    expect(mayRetry(policy({ maxAttempts: 2 }), { code: 'http_status' }, 1)).toBe(true)
    expect(mayRetry(policy({ maxAttempts: 2 }), { code: 'http_status' }, 2)).toBe(false)
  })

  it('does not repeat an error that must come again, unless it is named', () => {
    expect(mayRetry(policy({ maxAttempts: 3 }), { code: 'reference_missing' }, 1)).toBe(false)
    expect(
      mayRetry(policy({ maxAttempts: 3, retryOn: ['reference_missing'] }), { code: 'reference_missing' }, 1),
    ).toBe(true)
  })

  it('believes an error that says whether another attempt can help, unless it is named', () => {
    const final = { code: 'http_status', retryable: false }
    expect(mayRetry(policy({ maxAttempts: 3 }), final, 1)).toBe(false)
    expect(mayRetry(policy({ maxAttempts: 3, retryOn: ['http_status'] }), final, 1)).toBe(true)
    expect(mayRetry(policy({ maxAttempts: 3 }), { code: 'reference_missing', retryable: true }, 1)).toBe(true)
  })

  it('never repeats a step that was cut off, even when it is named', () => {
    expect(mayRetry(policy({ maxAttempts: 3, retryOn: ['interrupted'] }), { code: 'interrupted' }, 1)).toBe(
      false,
    )
  })

  it('tries again only for the named codes', () => {
    const named = policy({ maxAttempts: 3, retryOn: ['http_status'] })
    expect(mayRetry(named, { code: 'http_status' }, 1)).toBe(true)
    expect(mayRetry(named, { code: 'http_network' }, 1)).toBe(false)
  })
})

describe('retryDelayMs', () => {
  it('stays between zero and the ceiling, which grows to the longest interval', () => {
    const given = policy({ maxAttempts: 50, interval: 'PT1S', backoffRate: 2, maxInterval: 'PT10S' })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const delayMs = retryDelayMs(given, attempt, random)
          expect(delayMs).toBeGreaterThanOrEqual(0)
          expect(delayMs).toBeLessThanOrEqual(Math.min(1_000 * 2 ** (attempt - 1), 10_000))
        },
      ),
    )
  })
})
