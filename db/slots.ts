/** Whom a run is counted with when its flow bounds how many of its runs go on at once. */
export interface Slot {
  key: string
  limit: number
  /** What becomes of a run that finds no room: it waits, is refused, or takes the place of the oldest. */
  whenFull: 'queue' | 'reject' | 'replace'
}
