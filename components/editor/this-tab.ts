import { nanoid } from 'nanoid'

const key = 'millrace-tab'

/** A name for this browser tab that stays over a reload. */
export function thisTab(): string {
  const known = sessionStorage.getItem(key)
  if (known) return known
  const fresh = nanoid(10)
  sessionStorage.setItem(key, fresh)
  return fresh
}
