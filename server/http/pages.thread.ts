import { createServer } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { loadNext } from './next-app'

/*
 * Next in a thread of its own, behind a port that only this machine can reach. Drawing a page then holds up no run, and
 * what Next switches on for a whole thread stays here: its own `Date`, and the tracking of asynchronous contexts, which
 * makes every promise dearer (measured on Node 20: webhook runs went from 685 to 945 a second without it).
 */

const { folder, port } = z.object({ folder: z.string(), port: z.int() }).parse(workerData)
const next = await loadNext({ isDevelopment: false, folder, port })
const server = createServer((request, response) => {
  next.handle(request, response).catch(() => {
    if (!response.headersSent) response.writeHead(500)
    response.end()
  })
})
// Whoever hands requests on keeps its connections: closing an idle one would meet the request that was just sent over it.
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  parentPort?.postMessage({ port: address !== null && typeof address === 'object' ? address.port : 0 })
})
