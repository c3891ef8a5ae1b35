import type { OwnPostgres } from './postgres'

/** What each fault is given. */
export interface Conditions {
  postgres: OwnPostgres
  /** Few tries, for a first look. */
  quick: boolean
  /** Random flows are grown from it. */
  seed: number
  /** How many random flows; the fault's own number when not said. */
  graphs?: number
  /** How long what has no end of its own goes on. */
  minutes?: number
}
