import { randomFillSync } from 'node:crypto'
import { sha256 } from './hash'

const pool = new Uint8Array(16 * 256)
let used = pool.length

/** A UUIDv7 (RFC 9562): sorts by its time, in milliseconds since 1970. */
export function uuidAt(timeMs: number): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = Buffer.from(pool.buffer, used, 16).toString('hex')
  used += 16
  return uuidOf(timeMs, random)
}

/** A UUIDv7 of a time that is the same whenever the name is. */
export function uuidFor(timeMs: number, name: string): string {
  return uuidOf(timeMs, sha256(name))
}

function uuidOf(timeMs: number, digits: string): string {
  const time = timeMs.toString(16).padStart(12, '0')
  const variant = ((parseInt(digits.charAt(3), 16) & 3) | 8).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits.slice(0, 3)}-${variant}${digits.slice(4, 7)}-${digits.slice(8, 20)}`
}

/** Smallest UUIDv7 of a time: the bound between the runs before and those from then on. */
export function uuidBound(timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`
}

const shape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Ids that come from outside may be anything; asking Postgres about one that is no UUID is an error. */
export function isUuid(text: string): boolean {
  return shape.test(text)
}
