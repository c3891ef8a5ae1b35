import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

/**
 * Servers close connections that nobody has used for a while, sometimes in the moment in which the next request sets out.
 * That request was most likely never read: it may be sent once more if doing so twice does no harm (RFC 9112, 9.3.1).
 */

interface Use {
  requests: number
  /** Of the socket, when its newest request was sent. */
  bytesReadBefore: number
}

const uses = new WeakMap<object, Use>()
const stale = new WeakSet<object>()

// Published by undici before the first byte of each request.
subscribe('undici:client:sendHeaders', (message) => {
  const { socket } = message as { socket: Socket }
  const use = uses.get(socket)
  if (!use) return
  use.requests++
  use.bytesReadBefore = socket.bytesRead
})

/** Keeps a look-out on a new connection. To be called before undici gets it: what is found out here must be known there. */
export function watchSocket(socket: Socket): void {
  const use: Use = { requests: 0, bytesReadBefore: 0 }
  uses.set(socket, use)
  // It has served before, and nothing of the newest answer has come.
  const isUnheard = () => use.requests > 1 && socket.bytesRead === use.bytesReadBefore
  socket.on('error', (error) => {
    if (isUnheard()) stale.add(error)
  })
  socket.on('end', () => {
    if (!isUnheard()) return
    const error = Object.assign(new Error('other side closed'), { code: 'ECONNRESET' })
    stale.add(error)
    socket.destroy(error)
  })
}

/** Whether the error means that a connection which had served before was closed without a byte of this answer. */
export function isStaleConnection(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if (stale.has(each)) return true
  }
  return false
}
