import { describe, expect, it } from 'vitest'
import { mockFor } from './mock'

describe('mockFor', () => {
  it('is null for a node without a mock, also for names that objects inherit', () => {
    expect(mockFor({}, 'a', 1, 'done')).toBeNull()
    expect(mockFor({}, 'toString', 1, 'done')).toBeNull()
  })

  it('takes a plain value as the output of the first port', () => {
    expect(mockFor({ a: { id: 7 } }, 'a', 1, 'yes')).toEqual({
      outcome: { type: 'done', port: 'yes', output: { id: 7 } },
    })
  })

  it('takes an output with a port', () => {
    expect(mockFor({ a: { output: null, port: 'no' } }, 'a', 1, 'yes')).toEqual({
      outcome: { type: 'done', port: 'no', output: null },
    })
  })

  it('takes an error', () => {
    expect(mockFor({ a: { error: { code: 'boom', message: 'Bang.' } } }, 'a', 1, 'done')).toEqual({
      error: { code: 'boom', message: 'Bang.' },
    })
  })

  it('goes through a list one try at a time and stays at the last', () => {
    const mocks = { a: [{ error: { code: 'boom', message: '' } }, 'fine'] }
    expect(mockFor(mocks, 'a', 1, 'done')).toEqual({ error: { code: 'boom', message: '' } })
    expect(mockFor(mocks, 'a', 2, 'done')).toEqual({
      outcome: { type: 'done', port: 'done', output: 'fine' },
    })
    expect(mockFor(mocks, 'a', 9, 'done')).toEqual({
      outcome: { type: 'done', port: 'done', output: 'fine' },
    })
  })
})
