/** Upper bounds in seconds, as Prometheus's histograms have them. */
export const appendBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const

/** What this process has done since its start. */
export class Measures {
  /** Batches of histories written, by the bound that their time was within; the last one is for those beyond all. */
  readonly appends: number[] = Array.from({ length: appendBounds.length + 1 }, () => 0)
  appendSeconds = 0
  /** Runs that ended here, by status. */
  readonly ended = new Map<string, number>()

  appended(seconds: number): void {
    const at = appendBounds.findIndex((bound) => seconds <= bound)
    const place = at === -1 ? appendBounds.length : at
    this.appends[place] = (this.appends[place] ?? 0) + 1
    this.appendSeconds += seconds
  }

  runEnded(status: string): void {
    this.ended.set(status, (this.ended.get(status) ?? 0) + 1)
  }
}
