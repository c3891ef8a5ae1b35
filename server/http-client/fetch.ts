import { fetch as send } from 'undici'
import { StepError } from '@/flow/kind'
import { isIdempotent, type Agents } from './agents'
import { requestFailure } from './failure'

/** As the web's `fetch`, for what speaks by it. Throws StepError `http_…`, or the reason of the abort. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

export interface FetchOptions {
  /** Of an answer, unpacked. */
  maxBytes: number
  /** A request of any method does no harm when its connection turns out to be closed and it is sent once more. */
  isRepeatable?: boolean
}

/**
 * A fetch through the guarded agents. Redirects are given back, not followed. A body that grows past `maxBytes`, unpacked,
 * breaks with StepError `response_too_large`: a stream may stay open for long, so nothing is read ahead.
 */
export function guardedFetch(agents: Agents, { maxBytes, isRepeatable = false }: FetchOptions): Fetch {
  return async (address, init = {}) => {
    const url = new URL(address)
    const signal = init.signal ?? new AbortController().signal
    try {
      const mayRepeat = isRepeatable || isIdempotent(init.method ?? 'GET')
      const answer = await agents.send(mayRepeat, (dispatcher) =>
        send(url, {
          method: init.method,
          headers: [...new Headers(init.headers)],
          body: typeof init.body === 'string' ? init.body : undefined,
          signal,
          redirect: 'manual',
          dispatcher,
        }),
      )
      // Made anew, since the types of undici's answer and of Node's own differ, and to count what comes.
      const body = answer.body && counted(answer.body.getReader(), maxBytes, url.host)
      const isEmpty = answer.status === 204 || answer.status === 205 || answer.status === 304
      return new Response(isEmpty ? null : body, {
        status: answer.status,
        statusText: answer.statusText,
        headers: [...answer.headers],
      })
    } catch (error) {
      throw requestFailure(error, url, signal)
    }
  }
}

interface Reader {
  read(): Promise<{ done: boolean; value?: unknown }>
  cancel(reason?: unknown): Promise<void>
}

function counted(reader: Reader, maxBytes: number, host: string): ReadableStream<Uint8Array> {
  let bytes = 0
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done || !(value instanceof Uint8Array)) return controller.close()
      bytes += value.byteLength
      if (bytes <= maxBytes) return controller.enqueue(value)
      const limit = `${Math.round(maxBytes / 1024 / 1024)} MiB`
      controller.error(
        new StepError('response_too_large', `${host} answered with more than ${limit}. Ask for less.`),
      )
      await reader.cancel()
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
