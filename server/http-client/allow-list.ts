import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What private hosts the operator lets flows reach. */
export interface AllowList {
  /** Whether a connection to `address` (an IP), asked for as `hostname:port`, is allowed. Public addresses always are. */
  allows(hostname: string, port: number, address: string): boolean
}

/** For addresses that the operator gave. */
export const everywhere: AllowList = { allows: () => true }

interface HostRule {
  host: string
  port: number | null
}

/**
 * Reads a comma-separated list of hosts, `host:port` and CIDR ranges, such as `localhost:8080, 10.1.0.0/16, [::1]:9000`.
 * Throws a RangeError naming the entry that is none of these.
 */
export function parseAllowList(text: string): AllowList {
  const hosts: HostRule[] = []
  const ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][] = []
  for (const entry of text.split(',').map((each) => each.trim().toLowerCase())) {
    if (entry === '') continue
    if (entry.includes('/')) ranges.push(parseRange(entry))
    else hosts.push(parseHost(entry))
  }
  return {
    allows(hostname, port, address) {
      const actual = ipaddr.process(withoutZone(address))
      if (isPublic(actual)) return true
      const asked = plainHost(hostname)
      return (
        hosts.some(
          (rule) =>
            (rule.port === null || rule.port === port) &&
            (rule.host === asked || (isIP(rule.host) !== 0 && sameAddress(rule.host, actual))),
        ) || ranges.some(([base, bits]) => base.kind() === actual.kind() && actual.match(base, bits))
      )
    },
  }
}

/** Lower case, without the brackets of an IPv6 address and the dot that may end a full name. */
export function plainHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
}

function parseRange(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (!ipaddr.isValidCIDR(entry)) throw badEntry(entry)
  return ipaddr.parseCIDR(entry)
}

function parseHost(entry: string): HostRule {
  if (isIP(entry) !== 0) return { host: entry, port: null }
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{1,5}))?$/.exec(entry)
  if (!match?.[1]) throw badEntry(entry)
  return { host: plainHost(match[1]), port: match[2] ? Number(match[2]) : null }
}

function badEntry(entry: string): RangeError {
  return new RangeError(
    `MILLRACE_HTTP_ALLOW: "${entry}" is not a host, host:port or CIDR range. Write such as localhost:8080,10.1.0.0/16.`,
  )
}

function sameAddress(text: string, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return ipaddr.process(text).toNormalizedString() === address.toNormalizedString()
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, '')
}

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** Reachable by anyone on the internet: not loopback, private, link-local, multicast, reserved or a disguise of these. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast'
  if (address.range() === 'rfc6052') return isPublic(embeddedIPv4(address))
  return address.range() === 'unicast' && address.match(globalUnicast)
}

/** Of a NAT64 address (RFC 6052, 64:ff9b::/96) the IPv4 address that it stands for: its last 32 bits. */
function embeddedIPv4(address: ipaddr.IPv6): ipaddr.IPv4 {
  return new ipaddr.IPv4(address.toByteArray().slice(-4))
}
