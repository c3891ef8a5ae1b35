import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { startThread } from '../threads/start-thread'
import type { NextApp } from './next-app'

const readySchema = z.object({ port: z.int().positive() })

/**
 * Next in a thread of its own, and a way to hand requests on to it. A thread that dies takes the pages in flight with it,
 * no run, and is followed by another at the next visit. Throws what the first one died of before it was ready.
 */
export async function startNextThread(options: { folder: string; port: number }): Promise<NextApp> {
  const agent = new Agent({ keepAlive: true })
  let thread: Worker | null = null
  let ready: Promise<number> | null = null

  function portOfNext(): Promise<number> {
    if (ready) return ready
    const begun = startThread('pages', import.meta.url, { workerData: options })
    thread = begun
    ready = portFrom(begun)
    begun.once('exit', () => {
      if (thread === begun) ready = null
    })
    return ready
  }

  await portOfNext()
  return {
    handle: async (request, response) => handOn(request, response, agent, await portOfNext()),
    upgrade: (_request, socket) => {
      socket.destroy()
      return Promise.resolve()
    },
    async close() {
      agent.destroy()
      await thread?.terminate()
    },
  }
}

function portFrom(thread: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    thread.once('message', (message) => resolve(readySchema.parse(message).port))
    thread.on('error', reject)
    thread.once('exit', () => reject(new Error('The thread of the pages ended.')))
    thread.unref()
  })
}

async function handOn(
  request: IncomingMessage,
  response: ServerResponse,
  agent: Agent,
  port: number,
): Promise<void> {
  const onward = httpRequest({
    host: '127.0.0.1',
    port,
    agent,
    path: request.url,
    method: request.method,
    headers: request.headers,
  })
  response.on('close', () => onward.destroy())
  const [answer] = await Promise.all([answerOf(onward), pipeline(request, onward)])
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer))
  await pipeline(answer, response).catch((error: unknown) => {
    // A visitor who has gone away is no failure.
    if (!response.destroyed) throw error
  })
}

function answerOf(onward: ReturnType<typeof httpRequest>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    onward.on('response', resolve)
    onward.on('error', reject)
  })
}

/** Without those that speak of the connection to the thread. */
function endToEnd(answer: IncomingMessage): Record<string, string | string[]> {
  const { connection: _connection, 'keep-alive': _keepAlive, ...rest } = answer.headers
  const kept = Object.entries(rest).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(kept)
}
