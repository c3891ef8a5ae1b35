import { Agent, request as httpRequest } from 'node:http'
import type { Database } from '@/db/client'
import type { HttpAnswer, HttpRequest, LentServices } from '@/nodes/step'
import { ledgerServices } from '@/server/runtime/testing/ledger'

const agent = new Agent({ keepAlive: true, maxSockets: 256 })

/** Services whose requests all go to the receiver, whatever their address says. */
export function receivedServices(db: Database, to: { socketPath: string; name: string }): LentServices {
  return { ...ledgerServices(db.pool), http: (request) => send(request, to) }
}

function send(
  { method, url, headers, body, signal }: HttpRequest,
  { socketPath, name }: { socketPath: string; name: string },
): Promise<HttpAnswer> {
  const { pathname, search } = new URL(url)
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      socketPath,
      path: pathname + search,
      method,
      headers: { ...headers, 'x-worker': name },
      agent,
      signal,
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: { 'content-type': 'application/json' },
          body: new Uint8Array(Buffer.concat(chunks)),
        }),
      )
    })
    request.end(body)
  })
}
