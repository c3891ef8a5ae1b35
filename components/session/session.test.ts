import { describe, expect, it } from 'vitest'
import { safeNext } from './session'

describe('where to go after signing in', () => {
  it('is the page that was asked for', () => {
    expect(safeNext('/flows/renewal?run=1')).toBe('/flows/renewal?run=1')
  })

  it('is the list of flows when nothing was asked for', () => {
    expect(safeNext(null)).toBe('/flows')
  })

  it.each(['https://example.com', '//example.com', '/\\example.com', 'javascript:alert(1)'])(
    'is never another site: %s',
    (next) => {
      expect(safeNext(next)).toBe('/flows')
    },
  )
})
