/** A stretch of a run in milliseconds since its start. */
export interface Span {
  fromMs: number
  toMs: number
}

/** Places times on a line of width 1. Long stretches in which nothing works are drawn short. */
export interface TimeScale {
  at(ms: number): number
  /** Where a shortened stretch lies, from 0 to 1. */
  gaps: readonly { from: number; to: number }[]
}

/** Share of the line that one shortened stretch takes. */
const gapShare = 0.08
/** A stretch is shortened when it is longer than this share of all working time, and than a second. */
const gapRatio = 0.25
const shortestGapMs = 1_000

/**
 * Linear in time, but for pauses: a run that worked 4 s and waited 2 days for an answer still shows its steps.
 * `working` are the stretches in which some step worked, in any order.
 */
export function timeScaleOf(totalMs: number, working: readonly Span[]): TimeScale {
  const total = Math.max(totalMs, 1)
  const busy = merged(working, total)
  const busyMs = busy.reduce((sum, span) => sum + span.toMs - span.fromMs, 0)
  const longest = Math.max(shortestGapMs, busyMs * gapRatio)
  const pauses = between(busy, total).filter((span) => span.toMs - span.fromMs > longest)
  if (pauses.length === 0) return { at: (ms) => clamp(ms / total), gaps: [] }

  const share = Math.min(gapShare, 0.5 / pauses.length)
  const pausedMs = pauses.reduce((sum, span) => sum + span.toMs - span.fromMs, 0)
  const perMs = (1 - share * pauses.length) / Math.max(total - pausedMs, 1)
  const at = (ms: number) => {
    let place = 0
    let reached = 0
    for (const pause of pauses) {
      if (ms <= pause.fromMs) break
      place += (pause.fromMs - reached) * perMs
      const inside = Math.min(ms, pause.toMs) - pause.fromMs
      place += (inside / (pause.toMs - pause.fromMs)) * share
      reached = pause.toMs
      if (ms <= pause.toMs) return clamp(place)
    }
    return clamp(place + (ms - reached) * perMs)
  }
  return { at, gaps: pauses.map((pause) => ({ from: at(pause.fromMs), to: at(pause.toMs) })) }
}

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share))
}

function merged(spans: readonly Span[], totalMs: number): Span[] {
  const sorted = spans
    .map((span) => ({ fromMs: Math.max(0, span.fromMs), toMs: Math.min(totalMs, span.toMs) }))
    .filter((span) => span.toMs >= span.fromMs)
    .sort((a, b) => a.fromMs - b.fromMs)
  const result: Span[] = []
  for (const span of sorted) {
    const last = result.at(-1)
    if (last && span.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, span.toMs)
    else result.push({ ...span })
  }
  return result
}

function between(busy: readonly Span[], totalMs: number): Span[] {
  const pauses: Span[] = []
  let reached = 0
  for (const span of busy) {
    if (span.fromMs > reached) pauses.push({ fromMs: reached, toMs: span.fromMs })
    reached = span.toMs
  }
  if (totalMs > reached) pauses.push({ fromMs: reached, toMs: totalMs })
  return pauses
}
