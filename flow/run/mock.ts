import { isObject, type Json, type JsonObject } from '../json'
import type { Outcome } from '../kind'
import type { StepErrorData } from './event'

/** What a mocked step does instead of running. */
export type Mock = { outcome: Outcome } | { error: StepErrorData }

/**
 * The mock for a node's n-th try (attempts and rounds counted together, from 1), or null when the node is not mocked.
 * Forms: a value; `{output, port?}`; `{error: {code, message}}`; a list of these, one a try, the last one again and again.
 */
export function mockFor(mocks: JsonObject, node: string, ordinal: number, firstPort: string): Mock | null {
  if (!Object.hasOwn(mocks, node)) return null
  const given = mocks[node] ?? null
  const one = Array.isArray(given) && given.length > 0 ? given[Math.min(ordinal, given.length) - 1] : given
  return readMock(one ?? null, firstPort)
}

function readMock(value: Json, firstPort: string): Mock {
  if (isObject(value)) {
    const keys = Object.keys(value)
    const error = value.error
    if (keys.length === 1 && isObject(error)) {
      return {
        error: {
          code: typeof error.code === 'string' ? error.code : 'mocked',
          message: typeof error.message === 'string' ? error.message : '',
        },
      }
    }
    if ('output' in value && keys.every((key) => key === 'output' || key === 'port')) {
      const port = typeof value.port === 'string' ? value.port : firstPort
      return { outcome: { type: 'done', port, output: (value.output ?? null) as Json } }
    }
  }
  return { outcome: { type: 'done', port: firstPort, output: value } }
}
