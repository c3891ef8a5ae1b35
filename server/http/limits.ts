import { RequestError } from '../request-error'

const windowMs = 10_000

/**
 * Requests of one caller in ten seconds. Far above what a person or a well-made program asks: it is there so that one runaway
 * loop does not take the server from everybody else. Counted in this process alone.
 */
export class RequestLimit {
  private counts = new Map<string, number>()
  private endsAt = 0

  constructor(private readonly allowed = 5_000) {}

  /** Throws RequestError 429 with Retry-After. */
  count(caller: string, now = Date.now()): void {
    if (now >= this.endsAt) {
      this.counts = new Map()
      this.endsAt = now + windowMs
    }
    const count = (this.counts.get(caller) ?? 0) + 1
    this.counts.set(caller, count)
    if (count <= this.allowed) return
    const seconds = Math.max(1, Math.ceil((this.endsAt - now) / 1000))
    throw new RequestError(
      429,
      'too_many_requests',
      `More than ${this.allowed} requests in ten seconds. Go on in ${seconds} s, and ask less often.`,
      { headers: { 'Retry-After': String(seconds) } },
    )
  }
}
