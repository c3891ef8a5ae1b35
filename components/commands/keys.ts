/** The part of a keyboard event that shortcuts look at. */
export interface Stroke {
  key: string
  /** The physical key, such as `KeyD`: what Alt types on a Mac is another character. */
  code: string
  metaKey: boolean
  ctrlKey: boolean
  altKey: boolean
  shiftKey: boolean
}

const named: Record<string, string> = { Space: ' ', Esc: 'Escape' }

/** Whether a stroke is that shortcut, such as `Mod+Shift+Z`, `Alt+ArrowUp`, `?` or `F2`. */
export function isStroke(keys: string, stroke: Stroke, isApple: boolean): boolean {
  const parts = keys.split(/\+(?=.)/)
  const key = parts.at(-1) ?? ''
  const wants = (name: string) => parts.slice(0, -1).includes(name)
  const isMod = isApple ? stroke.metaKey : stroke.ctrlKey
  const isOtherMod = isApple ? stroke.ctrlKey : stroke.metaKey
  if (wants('Mod') !== isMod || isOtherMod || wants('Alt') !== stroke.altKey) return false
  // Characters such as `?` and `+` need Shift on some keyboards and not on others: only letters and names care.
  const caresForShift = /^[A-Za-z0-9]$|^.{2,}$/.test(key) || wants('Shift')
  if (caresForShift && wants('Shift') !== stroke.shiftKey) return false
  if (/^[A-Za-z]$/.test(key))
    return (
      stroke.key.toLowerCase() === key.toLowerCase() ||
      (stroke.altKey && stroke.code === `Key${key.toUpperCase()}`)
    )
  return stroke.key === (named[key] ?? key)
}
