import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** Set by our HTTP server on every request, over whatever the client sent under that name. */
export const clientAddressHeader = 'x-millrace-client'

const privateAddress =
  /^(?:::ffff:)?(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|^::1$|^f[cd][0-9a-f]{2}:/i

/** The client's IP address. A proxy is believed about it only when it speaks from a private address, as one in front of us does. */
export function addressOf(incoming: IncomingMessage): string {
  const direct = incoming.socket.remoteAddress ?? ''
  const forwarded = incoming.headers['x-forwarded-for']
  if (forwarded === undefined || !privateAddress.test(direct)) return direct
  const nearest = String(forwarded).split(',').at(-1)?.trim() ?? ''
  return isIP(nearest) ? nearest : direct
}

/** As our server noted it; 'unknown' for a request that did not come through it. */
export function clientAddressOf(request: { headers: Headers }): string {
  return request.headers.get(clientAddressHeader) ?? 'unknown'
}
