import { Client, StreamableHTTPClientTransport, type Tool } from '@modelcontextprotocol/client'
import type { Json, JsonObject } from '@/flow/json'
import type { Fetch } from '../http-client/fetch'
import { untilAborted } from './until-aborted'
import { resultOf } from './result'

/** The last resort: a step's own time limit ends its call earlier, and so does a cancelled run. */
const callMs = 5 * 60_000
const openMs = 20_000
const goodbyeMs = 1_000
const pagesAtMost = 64

/** A server's address and what each request to it carries. */
export interface McpAddress {
  url: string
  headers: Record<string, string>
}

/** One session with a server. */
export interface McpConnection {
  /** Asks for them. */
  tools(signal: AbortSignal): Promise<Tool[]>
  /** As they were when they were last asked for. */
  known(): readonly Tool[]
  call(tool: string, args: JsonObject, key: string | undefined, signal: AbortSignal): Promise<Json>
  close(): Promise<void>
}

/** Opens a session over Streamable HTTP, by the newest protocol that both sides know. Throws what the protocol throws. */
export async function openConnection(
  { url, headers }: McpAddress,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<McpConnection> {
  const life = new AbortController()
  const bound: Fetch = (address, init) =>
    fetch(address, { ...init, signal: either(life.signal, init?.signal) })
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch: bound,
    requestInit: { headers },
  })
  const client = new Client(
    { name: 'millrace', version: '1' },
    { versionNegotiation: { mode: 'auto' }, listMaxPages: pagesAtMost },
  )
  try {
    // The client's own way of giving up waits for an answer while it finds out which protocol to speak.
    await untilAborted(client.connect(transport, { timeout: openMs }), signal)
  } catch (error) {
    life.abort()
    void client.close().catch(() => undefined)
    throw error
  }
  let known: Tool[] = []
  return {
    async tools(callSignal) {
      const { tools } = await client.listTools(undefined, { signal: callSignal, timeout: openMs })
      known = tools
      return tools
    },
    known: () => known,
    async call(name, args, key, callSignal) {
      const meta = key === undefined ? {} : { _meta: { idempotencyKey: key } }
      const result = await client.callTool(
        { name, arguments: args, ...meta },
        { signal: callSignal, timeout: callMs, resetTimeoutOnProgress: true, maxTotalTimeout: callMs },
      )
      return resultOf(result, name)
    },
    async close() {
      // A server that keeps sessions is told; one that does not, or is gone, need not hear.
      await untilAborted(transport.terminateSession(), AbortSignal.timeout(goodbyeMs)).catch(() => undefined)
      life.abort()
      await client.close().catch(() => undefined)
    },
  }
}

function either(first: AbortSignal, second: AbortSignal | null | undefined): AbortSignal {
  return second ? AbortSignal.any([first, second]) : first
}
