import type { App } from '../app'
import type { Authenticator } from '../auth/authenticate'
import { isSetUp } from '../auth/setup'

/** Below these anyone may look: what Next serves for pages, and files of public/. */
const isAsset = (path: string) => path.startsWith('/_next/') || /\.[a-z0-9]{2,12}$/i.test(path)

/** Pages that a link leads to: its token is the right to see them. */
const isForStrangers = (path: string) => /^\/(share|chat|answer)\//.test(path)

export interface PageVisit {
  /** Path and query as asked for. */
  url: string
  headers: Headers
  /** Told the cookies that keep the session going. */
  onCookies: (cookies: string[]) => void
}

/**
 * Where a visitor is sent instead of the page, or null. Strangers go to /sign-in and come back after; before there is an
 * owner everyone goes to /setup. While the database is away nobody is sent anywhere: the page itself tells of it.
 */
export async function redirectOf(
  app: Pick<App, 'db' | 'log'> & { authenticator: Pick<Authenticator, 'callerOf'> },
  visit: PageVisit,
): Promise<string | null> {
  const { pathname, searchParams } = new URL(visit.url, 'http://here')
  if (isAsset(pathname) || isForStrangers(pathname)) return null
  try {
    if (pathname === '/setup') return (await isSetUp(app.db)) ? '/' : null
    if (!(await isSetUp(app.db))) return '/setup'
    if (pathname === '/sign-in') return null
    if (await app.authenticator.callerOf(visit, visit.onCookies)) return null
  } catch (error) {
    app.log.debug({ err: error }, 'Nobody could say who visits')
    return null
  }
  // Next adds this to what it fetches ahead; coming back there would show data instead of a page.
  searchParams.delete('_rsc')
  const query = searchParams.size > 0 ? `?${searchParams}` : ''
  return pathname === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(pathname + query)}`
}
