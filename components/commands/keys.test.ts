import { describe, expect, it } from 'vitest'
import { isStroke, type Stroke } from './keys'

function stroke(key: string, change: Partial<Stroke> = {}): Stroke {
  return { key, code: '', metaKey: false, ctrlKey: false, altKey: false, shiftKey: false, ...change }
}

describe('isStroke', () => {
  it('takes Command for Mod on a Mac and Control elsewhere', () => {
    expect(isStroke('Mod+K', stroke('k', { metaKey: true }), true)).toBe(true)
    expect(isStroke('Mod+K', stroke('k', { ctrlKey: true }), false)).toBe(true)
    expect(isStroke('Mod+K', stroke('k', { ctrlKey: true }), true)).toBe(false)
    expect(isStroke('Mod+K', stroke('k'), false)).toBe(false)
  })

  it('tells Mod+Z from Mod+Shift+Z', () => {
    const redo = stroke('Z', { ctrlKey: true, shiftKey: true })
    expect(isStroke('Mod+Shift+Z', redo, false)).toBe(true)
    expect(isStroke('Mod+Z', redo, false)).toBe(false)
  })

  it('takes a character however it is typed', () => {
    expect(isStroke('?', stroke('?', { shiftKey: true }), false)).toBe(true)
    expect(isStroke('+', stroke('+', { shiftKey: true }), false)).toBe(true)
    expect(isStroke('+', stroke('+'), false)).toBe(true)
    expect(isStroke('/', stroke('/'), false)).toBe(true)
  })

  it('goes by the physical key where Alt types something else', () => {
    expect(isStroke('Shift+Alt+T', stroke('ˇ', { altKey: true, shiftKey: true, code: 'KeyT' }), true)).toBe(
      true,
    )
  })

  it('wants no modifier that is not named', () => {
    expect(isStroke('D', stroke('d'), false)).toBe(true)
    expect(isStroke('D', stroke('D', { shiftKey: true }), false)).toBe(false)
    expect(isStroke('D', stroke('d', { altKey: true }), false)).toBe(false)
    expect(isStroke('Enter', stroke('Enter', { ctrlKey: true }), false)).toBe(false)
  })
})
