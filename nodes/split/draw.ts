import { createHash } from 'node:crypto'

/**
 * The member that a text falls to: the same one for the same text, and so many of all texts as its weight says. When a
 * weight grows, only texts that go over to it change their place. Null when no weight is above 0.
 */
export function drawnBy<T extends { weight: number }>(text: string, members: readonly T[]): T | null {
  const whole = members.reduce((sum, { weight }) => sum + weight, 0)
  const place = fraction(text) * whole
  let end = 0
  for (const member of members) {
    end += member.weight
    if (place < end) return member
  }
  return null
}

/** In [0, 1), evenly spread: the first 48 bits of the SHA-256. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48
}
