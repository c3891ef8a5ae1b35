import { RequestError } from '../request-error'

const windowMs = 5 * 60_000
const allowed = 10
const entriesAtMost = 10_000

/** Counts failed sign-ins with a password, by whom and from where, and refuses more after ten in five minutes. */
export class SignInAttempts {
  private readonly failures = new Map<string, { count: number; since: number }>()

  /** Throws RequestError 429 with Retry-After. */
  check(email: string, address: string, now = Date.now()): void {
    const entry = this.failures.get(keyOf(email, address))
    if (!entry || now - entry.since >= windowMs || entry.count < allowed) return
    const seconds = Math.ceil((entry.since + windowMs - now) / 1000)
    throw new RequestError(
      429,
      'too_many_attempts',
      `Too many failed sign-ins. Try again in ${seconds} seconds.`,
      {
        headers: { 'Retry-After': String(seconds) },
      },
    )
  }

  failed(email: string, address: string, now = Date.now()): void {
    const key = keyOf(email, address)
    const entry = this.failures.get(key)
    if (entry && now - entry.since < windowMs) {
      entry.count++
      return
    }
    // The oldest is first: a flood of made-up addresses pushes out the old, not the memory.
    this.failures.delete(key)
    if (this.failures.size >= entriesAtMost) {
      const [oldest] = this.failures.keys()
      if (oldest !== undefined) this.failures.delete(oldest)
    }
    this.failures.set(key, { count: 1, since: now })
  }

  succeeded(email: string, address: string): void {
    this.failures.delete(keyOf(email, address))
  }
}

const keyOf = (email: string, address: string) => `${email.toLowerCase()} ${address}`
