import { StepError } from '@/flow/kind'
import type { HttpAnswer, HttpRequest } from '@/nodes/step'

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** The only headers that another origin gets to see: any other may be a credential. */
const harmless: ReadonlySet<string> = new Set(['accept', 'accept-language', 'user-agent', 'content-type'])

/** The request that a redirect asks for, as browsers read it (Fetch, 4.4); null when the answer is no redirect. */
export function redirected(request: HttpRequest, answer: HttpAnswer): HttpRequest | null {
  const location = answer.headers.location
  if (!redirects.has(answer.status) || location === undefined) return null
  const from = new URL(request.url)
  const to = URL.canParse(location, from) ? new URL(location, from) : null
  if (to?.protocol !== 'http:' && to?.protocol !== 'https:') {
    throw new StepError(
      'http_network',
      `${from.host} redirects to "${location}", which is no address on the web.`,
    )
  }
  const becomesGet =
    (answer.status === 303 && request.method !== 'HEAD') ||
    ((answer.status === 301 || answer.status === 302) && request.method === 'POST')
  const headers = Object.entries(request.headers).filter(
    ([name]) =>
      (to.origin === from.origin || harmless.has(name.toLowerCase())) &&
      !(becomesGet && name.toLowerCase() === 'content-type'),
  )
  to.username = ''
  to.password = ''
  return {
    ...request,
    url: to.href,
    headers: Object.fromEntries(headers),
    ...(becomesGet ? { method: 'GET', body: undefined } : {}),
  }
}
