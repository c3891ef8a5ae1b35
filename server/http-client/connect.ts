import { lookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { plainHost, type AllowList } from './allow-list'
import { watchSocket } from './stale'

const connectTimeoutMs = 10_000

/** The host's addresses are all ones that flows may not reach. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError'
  constructor(
    readonly hostname: string,
    readonly port: number,
    readonly address: string,
  ) {
    super(`${hostname}:${port} is the private address ${address}.`)
  }
}

/**
 * Connects only to addresses that the list allows. The check is made on the very addresses that are connected to, in the
 * look-up that the socket itself uses, so a name that changes its address between check and connection gains nothing.
 */
export function guardedConnector(allowList: AllowList): buildConnector.connector {
  return (options, callback) => {
    const hostname = plainHost(options.hostname)
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80)
    if (isIP(hostname) !== 0 && !allowList.allows(hostname, port, hostname)) {
      return callback(new AddressRefusedError(hostname, port, hostname), null)
    }
    const connect = buildConnector({
      timeout: connectTimeoutMs,
      lookup: guardedLookup(allowList, hostname, port),
    })
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null)
      const address = socket.remoteAddress
      if (address !== undefined && !allowList.allows(hostname, port, address)) {
        socket.destroy()
        return callback(new AddressRefusedError(hostname, port, address), null)
      }
      watchSocket(socket)
      callback(null, socket)
    })
  }
}

function guardedLookup(allowList: AllowList, hostname: string, port: number): LookupFunction {
  return (name: string, options: LookupOptions, callback) => {
    lookup(name, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, [])
      const allowed = found.filter(({ address }) => allowList.allows(hostname, port, address))
      const first = allowed[0]
      if (!first) return callback(new AddressRefusedError(hostname, port, found[0]?.address ?? 'nowhere'), [])
      if (options.all) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}
