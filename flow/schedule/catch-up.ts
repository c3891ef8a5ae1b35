/** What is done about times that passed while nothing could start runs: nothing, the newest of them, or each. */
export type CatchUp = 'none' | 'last' | 'all'

/** More than this is never made up for at once: the newest count. */
export const caughtUpAtMost = 100
/** A time that is late by no more than this is on time. */
const onTimeMs = 10_000
/** So much the newest may be late, as over a restart, and still not count as missed. */
const restartMs = 5 * 60_000

/** Which of the times that have passed get a run; `passed` is oldest first. */
export function timesToRun(catchUp: CatchUp, passed: readonly Date[], now: Date): Date[] {
  return passed.slice(-caughtUpAtMost).filter((at, index, times) => {
    const lateMs = now.getTime() - at.getTime()
    const isNewest = index === times.length - 1
    if (catchUp === 'all' || lateMs <= onTimeMs) return true
    return isNewest && (catchUp === 'last' || lateMs <= restartMs)
  })
}
