import type { Tool } from '@modelcontextprotocol/client'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import type { McpTool } from '@/nodes/step'
import type { Fetch } from '../http-client/fetch'
import { openConnection, type McpAddress, type McpConnection } from './connection'
import { isSessionLost, mcpFailure } from './failure'
import { modelName } from './tool-name'
import { untilAborted } from './until-aborted'

/** A session that nobody has used for as long is ended. */
const idleMs = 60_000
const sessionsAtMost = 100

/** Asks servers of the Model Context Protocol, and keeps a session with each for as long as it is used. */
export interface McpClient {
  /** Throws StepError `mcp_…` or `http_address_refused`. */
  tools(server: McpServer, signal: AbortSignal): Promise<McpTool[]>
  /** By the name that the server or `tools` gives the tool. Throws as `tools` does, and `mcp_tool_missing`. */
  call(server: McpServer, tool: string, args: JsonObject, signal: AbortSignal, key?: string): Promise<Json>
  close(): Promise<void>
}

export interface McpServer extends McpAddress {
  /** For people. */
  name: string
  /** Of the workspace, so that no two share a session. */
  workspaceId: string
}

interface Session {
  connection: Promise<McpConnection>
  /** Gives up opening it. */
  giveUp: () => void
  /** Calls under way. */
  users: number
  timer?: NodeJS.Timeout
}

export function createMcpClient(fetch: Fetch): McpClient {
  const sessions = new Map<string, Session>()

  function drop(key: string, session: Session): void {
    clearTimeout(session.timer)
    if (sessions.get(key) === session) sessions.delete(key)
    void session.connection.then(
      (connection) => connection.close(),
      () => undefined,
    )
  }

  function dropUnused(): void {
    for (const [key, session] of sessions) {
      if (sessions.size < sessionsAtMost) return
      if (session.users === 0) drop(key, session)
    }
  }

  function sessionFor(server: McpServer): { key: string; session: Session } {
    const key = JSON.stringify([server.workspaceId, server.url, Object.entries(server.headers)])
    const known = sessions.get(key)
    if (known) return { key, session: known }
    dropUnused()
    // Shared by whoever comes while it opens, so no single step's end may break it off.
    const controller = new AbortController()
    const opening = openConnection(server, fetch, controller.signal)
    const session: Session = { connection: opening, giveUp: () => controller.abort(), users: 0 }
    sessions.set(key, session)
    opening.catch(() => drop(key, session))
    return { key, session }
  }

  async function use<T>(
    server: McpServer,
    signal: AbortSignal,
    work: (connection: McpConnection) => Promise<T>,
  ): Promise<T> {
    const { key, session } = sessionFor(server)
    clearTimeout(session.timer)
    session.users++
    try {
      return await work(await untilAborted(session.connection, signal))
    } catch (error) {
      if (isSessionLost(error)) drop(key, session)
      throw error
    } finally {
      session.users--
      if (session.users === 0) {
        session.timer = setTimeout(() => drop(key, session), idleMs)
        session.timer.unref()
      }
    }
  }

  /** Asks, and once more in a new session when the server has forgotten the one there was. */
  async function ask<T>(
    server: McpServer,
    signal: AbortSignal,
    work: (connection: McpConnection) => Promise<T>,
  ): Promise<T> {
    try {
      signal.throwIfAborted()
      const isOld = sessions.size > 0
      return await use(server, signal, work).catch((error: unknown) => {
        if (!isOld || !isSessionLost(error)) throw error
        return use(server, signal, work)
      })
    } catch (error) {
      throw mcpFailure(error, server.name, signal)
    }
  }

  return {
    tools: (server, signal) =>
      ask(server, signal, async (connection) => {
        const tools = (await connection.tools(signal)).map(toolOf)
        return tools.filter(({ name }, index) => tools.findIndex((each) => each.name === name) === index)
      }),
    call: (server, tool, args, signal, key) =>
      ask(server, signal, async (connection) => {
        const known = connection.known()
        const name = named(known, tool) ?? named(await connection.tools(signal), tool)
        if (name === undefined) throw toolMissing(server, tool, connection.known())
        return connection.call(name, args, key, signal)
      }),
    async close() {
      const open = [...sessions.values()]
      sessions.clear()
      for (const { timer, giveUp } of open) {
        clearTimeout(timer)
        giveUp()
      }
      await Promise.all(
        open.map(({ connection }) =>
          connection.then(
            (each) => each.close(),
            () => undefined,
          ),
        ),
      )
    },
  }
}

function toolOf(tool: Tool): McpTool {
  const { readOnlyHint, idempotentHint } = tool.annotations ?? {}
  const parameters: Json = JSON.parse(JSON.stringify(tool.inputSchema))
  return {
    name: modelName(tool.name),
    description: tool.description ?? tool.title ?? tool.annotations?.title ?? tool.name,
    parameters: isObject(parameters) ? parameters : { type: 'object' },
    effect: readOnlyHint === true || idempotentHint === true ? 'idempotent' : 'once',
  }
}

function named(known: readonly Tool[], name: string): string | undefined {
  const found =
    known.find((each) => each.name === name) ?? known.find((each) => modelName(each.name) === name)
  return found?.name
}

function toolMissing(server: McpServer, tool: string, known: readonly Tool[]): StepError {
  const names = known.slice(0, 20).map(({ name }) => name)
  return new StepError(
    'mcp_tool_missing',
    `The MCP server ${server.name} has no tool ${tool}.${names.length > 0 ? ` It has ${names.join(', ')}.` : ''}`,
  )
}
