/** What an expression finds at its root. Not all are there everywhere: `item` in a container, `error` after an error port. */
export const rootNames = [
  'input',
  'trigger',
  'steps',
  'state',
  'run',
  'item',
  'index',
  'error',
  'vars',
  'secrets',
] as const
export type RootName = (typeof rootNames)[number]
