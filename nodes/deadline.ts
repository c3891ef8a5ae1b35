import { parseDurationMs } from '@/flow/duration'
import { StepError } from '@/flow/kind'

const latestMs = Date.parse('9999-12-31T23:59:59.999Z')

/** The time, ISO 8601 in UTC, that lies an ISO 8601 duration after `nowMs`. Throws StepError `duration_invalid`. */
export function deadlineAfter(nowMs: number, duration: string): string {
  const durationMs = parseDurationMs(duration.trim())
  if (durationMs === null || nowMs + durationMs > latestMs) {
    throw new StepError(
      'duration_invalid',
      `"${duration}" is not a duration. Write a number and a unit, such as PT30S (30 seconds), PT5M (5 minutes) or P2D (2 days).`,
    )
  }
  return new Date(nowMs + durationMs).toISOString()
}

/** Milliseconds of a time as ISO 8601; one without a zone is meant in UTC. Throws StepError `time_invalid`. */
export function timeMs(time: string): number {
  const hasZone = /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(time) || !/[T ]\d/.test(time)
  const ms = Date.parse(hasZone ? time.trim() : `${time.trim()}Z`)
  if (Number.isNaN(ms) || ms > latestMs) {
    throw new StepError('time_invalid', `"${time}" is not a time. Give one such as 2027-01-31T09:00:00Z.`)
  }
  return ms
}
