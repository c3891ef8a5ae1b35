import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'undici'
import { NotFoundError } from '@/db/errors'
import { addModelCall } from '@/db/model-calls'
import type { JsonObject } from '@/flow/json'
import type { App } from '../../app'
import type { Caller } from '../../auth/caller'
import { explain } from '../../explain'
import { RequestError } from '../../request-error'
import { withinMs } from '../../within'
import { mergedAssistant } from '../assistants'
import { callFunction } from '../calls'
import { failure } from '../result'
import { sessionOf } from '../session'
import { withAnswerTool } from '../answer-tool'
import { Bridge } from './bridge'

/** Where a session's control channel is, and for whom the session is. */
export interface BridgeOrder {
  url: string
  /** Of the first request, such as the provider's key. */
  headers: Record<string, string>
  userKind?: string
  user?: string
  thread?: string
}

interface BridgeView {
  id: string
  /** Without what follows the path, which may be a secret. */
  url: string
  status: 'attached' | 'ended'
  /** Function calls that it has answered, or is answering. */
  calls: number
  /** What the session complained of last. */
  error: string | null
  startedAt: string
  endedAt: string | null
}

interface Attached {
  workspaceId: string
  assistant: string
  view: Omit<BridgeView, 'calls'>
  bridge: Bridge
  close(): void
}

/** The bridges of this process: they end with it, while the talk itself goes on. */
export interface Bridges {
  /** Throws NotFoundError for the assistant, and RequestError `bridge_failed` or `too_many_bridges`. */
  attach(app: App, caller: Caller, assistant: string, order: BridgeOrder): Promise<BridgeView>
  /** The newest first; those that have ended stay for an hour. */
  list(workspaceId: string, assistant: string): BridgeView[]
  /** Throws NotFoundError. */
  detach(workspaceId: string, assistant: string, id: string): void
  stop(): void
}

const openLimitMs = 10_000
const callWaitMs = 20_000
/** How often what is switched on is looked up. */
const everyMs = 1_000
const keptMs = 3_600_000
const bridgesAtMost = 200

export function createBridges(): Bridges {
  const all = new Map<string, Attached>()

  function forgetEnded(): void {
    for (const [id, { view }] of all) {
      if (view.endedAt !== null && Date.now() - Date.parse(view.endedAt) > keptMs) all.delete(id)
    }
  }

  return {
    async attach(app, caller, assistant, order) {
      const { workspaceId } = caller
      forgetEnded()
      const going = [...all.values()].filter(({ view }) => view.status === 'attached')
      if (going.length >= bridgesAtMost) {
        throw new RequestError(
          429,
          'too_many_bridges',
          `${bridgesAtMost} bridges are attached here already. Detach one, or wait until a session ends.`,
          { headers: { 'Retry-After': '60' } },
        )
      }
      // Before anything is opened: whose assistant is it?
      await mergedAssistant(app, workspaceId, assistant, order.userKind)
      const attached = open(app, caller, assistant, order)
      await attached.ready
      all.set(attached.view.id, attached)
      return viewOf(attached)
    },
    list: (workspaceId, assistant) =>
      [...all.values()]
        .filter((one) => one.workspaceId === workspaceId && one.assistant === assistant)
        .map(viewOf)
        .reverse(),
    detach(workspaceId, assistant, id) {
      const found = all.get(id)
      if (!found || found.workspaceId !== workspaceId || found.assistant !== assistant) {
        throw new NotFoundError(`There is no bridge ${id} here.`)
      }
      found.close()
    },
    stop() {
      for (const attached of all.values()) attached.close()
    },
  }
}

const viewOf = ({ view, bridge }: Attached): BridgeView => ({ ...view, calls: bridge.callCount })

function open(
  app: App,
  caller: Caller,
  assistant: string,
  order: BridgeOrder,
): Attached & { ready: Promise<void> } {
  const { workspaceId } = caller
  const id = randomUUID()
  const { protocol, host, pathname } = new URL(order.url)
  const view: Omit<BridgeView, 'calls'> = {
    id,
    url: `${protocol}//${host}${pathname}`,
    status: 'attached',
    error: null,
    startedAt: new Date().toISOString(),
    endedAt: null,
  }
  const asker = { place: `assistant:${assistant}`, part: 'talk', pass: id } as const
  let responses = 0
  const socket = app.services.socket(order.url, order.headers)
  const { userKind, user, thread } = order
  const bridge = new Bridge({
    channel: {
      send: (text) => socket.readyState === socket.OPEN && socket.send(text),
      close: () => socket.close(),
    },
    async session(isAsked) {
      const { assistant: stored, merged } = await mergedAssistant(app, workspaceId, assistant, userKind)
      const tools = isAsked ? withAnswerTool(merged.tools) : merged.tools
      return sessionOf('openai-realtime', stored, { ...merged, tools })
    },
    async call({ callId, ...call }): Promise<JsonObject> {
      try {
        const terms = { userKind, user, thread, waitMs: callWaitMs }
        const named = { ...call, callId: `${id}:${callId}` }
        return (await callFunction(app, caller, assistant, named, terms)).result
      } catch (error) {
        const { status, code, message } = explain(error)
        if (status >= 500) app.log.error({ err: error, assistant }, 'A function call failed')
        return failure(code, message)
      }
    },
    onError: (message) => (view.error = message),
    async onUsage(used, model) {
      const name = `openai/${model ?? 'realtime'}`
      const cost = await app.services.models.cost(workspaceId, name, used)
      const usage = { ...used, model: name, ...(cost === null ? {} : { cost }) }
      await addModelCall(app.db, workspaceId, asker, ++responses, usage)
    },
  })

  const trouble = (error: unknown) => {
    // The assistant was removed: there is nothing left to speak for.
    if (error instanceof NotFoundError) return socket.close()
    app.log.warn({ err: error, assistant, bridge: id }, 'A bridge to a session is in trouble')
  }
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') bridge.hear(data).catch(trouble)
  })
  const timer = setInterval(() => void bridge.update().catch(trouble), everyMs)
  socket.addEventListener('close', () => {
    clearInterval(timer)
    view.status = 'ended'
    view.endedAt ??= new Date().toISOString()
  })
  return {
    workspaceId,
    assistant,
    view,
    bridge,
    close: () => socket.close(),
    ready: opened(socket, view.url).then(() => bridge.update()),
  }
}

/** Throws RequestError `bridge_failed`. */
async function opened(socket: WebSocket, url: string): Promise<void> {
  const refused = (why: string) =>
    new RequestError(
      422,
      'bridge_failed',
      `${url} ${why}. Check the address and the key; private addresses are reached only when MILLRACE_HTTP_ALLOW names them.`,
    )
  const outcome = new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true))
    socket.addEventListener('error', () => resolve(false))
    socket.addEventListener('close', () => resolve(false))
  })
  const isOpen = await withinMs(outcome, openLimitMs)
  if (isOpen) return
  socket.close()
  throw refused(isOpen === null ? `did not answer in ${openLimitMs / 1_000} seconds` : 'cannot be opened')
}
