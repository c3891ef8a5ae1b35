import { publicUrl, type Env } from '../env'

/**
 * The origins that count as this server's own pages: the configured address, and whatever host the request was
 * addressed to (localhost, 127.0.0.1 and a name in the local network all reach the same process).
 */
export function ownOrigins(request: Request, env: Env): string[] {
  const origins = [new URL(publicUrl(env)).origin]
  const host = request.headers.get('host')
  if (host) origins.push(`http://${host}`, `https://${host}`)
  return origins
}

/**
 * False for a request that another site's page made with the visitor's cookies. Programs send no Origin and no cookie;
 * browsers always send an Origin (or Sec-Fetch-Site) with what changes things.
 */
export function isFromOwnPage(request: Request, env: Env): boolean {
  const origin = request.headers.get('origin')
  if (origin !== null) return ownOrigins(request, env).includes(origin)
  const site = request.headers.get('sec-fetch-site')
  return site === null || site === 'same-origin' || site === 'none'
}
