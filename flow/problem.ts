/** Something wrong with a document: what, where, and what to do. Finding one never throws. */
export interface Problem {
  /** Stable word for tests, docs and clients, such as `unknown_port`. */
  code: string
  severity: 'error' | 'warning'
  /** The node it belongs to, when it belongs to one. */
  node?: string
  /** Where in the document: keys and indices from the root, such as `['nodes', 2, 'config', 'url']`. */
  path: (string | number)[]
  /** One or two plain sentences; the last says the remedy. */
  message: string
  /** For a problem inside a text: 0-based offsets in that text. */
  span?: { from: number; to: number }
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error')
}
