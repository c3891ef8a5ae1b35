import { isObject } from './json'
import type { Problem } from './problem'

/** The document format that this version of the program reads and writes. */
export const formatVersion = 1

/** Lifts a document from one format version to the next. A migration that has been released never changes. */
export interface Migration {
  from: number
  /** What changed, in a few words: `rename_wait_port`. */
  name: string
  lift(document: { [key: string]: unknown }): { [key: string]: unknown }
}

/** In order, one for each version below `formatVersion`. */
export const migrations: readonly Migration[] = []

/**
 * Lifts a document of an older format version to the newest. Checks nothing but the version: the result goes through
 * `documentSchema` afterwards.
 */
export function migrate(
  value: unknown,
  steps: readonly Migration[] = migrations,
): { value: unknown } | { problem: Problem } {
  if (!isObject(value))
    return {
      problem: refusal('not_a_flow', [], 'A flow document is a JSON object. Export the flow again as JSON.'),
    }
  const newest = formatVersion + (steps === migrations ? 0 : steps.length)
  const version = value.millrace
  if (version === undefined)
    return {
      problem: refusal(
        'not_a_flow',
        [],
        `This object is not a flow document: it has no "millrace" with the format version. Add "millrace": ${newest} if it is one.`,
      ),
    }
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    return {
      problem: refusal(
        'invalid_field',
        ['millrace'],
        `The format version must be a whole number from 1 to ${newest}. Write "millrace": ${newest}.`,
      ),
    }
  if (version > newest)
    return {
      problem: refusal(
        'format_too_new',
        ['millrace'],
        `This flow was saved by a newer Millrace (format ${version}); this one reads up to format ${newest}. Update Millrace, or export the flow from the older one.`,
      ),
    }
  let lifted = value
  for (let from = version; from < newest; from++) {
    const step = steps.find((each) => each.from === from)
    if (!step) throw new RangeError(`No migration lifts a document from format ${from}.`)
    lifted = { ...step.lift(lifted), millrace: from + 1 }
  }
  return { value: lifted }
}

function refusal(code: string, path: (string | number)[], message: string): Problem {
  return { code, severity: 'error', path, message }
}
