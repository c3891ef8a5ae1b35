import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Hono, type Context as HonoContext } from 'hono'
import type { App } from '../app'
import { isFromOwnPage } from '../auth/origin'
import type { Caller } from '../auth/caller'
import { atLeast } from '../auth/caller'
import { RequestError } from '../request-error'
import type { Context } from '../trpc/trpc'
import { appRouter } from '../trpc/router'
import { bodyLimits } from './body'
import { clientAddressOf } from './client-address'
import { docsPage } from './docs-page'
import { errorResponse } from './errors'
import { readyResponse } from './health'
import { hookHandler } from './hooks'
import { RequestLimit } from './limits'
import { metricsText, RequestCounts } from './metrics'
import { openApi } from './openapi'
import { routes } from './rest/routes'
import type { Route } from './route'

/** Everything that is not a page: `/api/*`, `/hooks/*`, `/healthz`, `/readyz`, `/metrics`. */
export function createHttpApp(app: App): Hono {
  const hono = new Hono()
  const counts = new RequestCounts()
  const limit = new RequestLimit()

  hono.onError((error, c) => {
    const response = errorResponse(error, app.log, { method: c.req.method, path: c.req.path })
    counts.add(areaOf(c.req.path), response.status)
    return response
  })
  hono.notFound((c) => {
    const error = new RequestError(
      404,
      'not_found',
      `There is no ${c.req.method} ${c.req.path}. The reference is at /api/docs.`,
    )
    return errorResponse(error, app.log, { method: c.req.method, path: c.req.path })
  })
  const counted =
    (area: string, handle: (c: HonoContext) => Promise<Response> | Response) => async (c: HonoContext) => {
      const response = await handle(c)
      counts.add(area, response.status)
      return response
    }

  hono.all('/hooks/*', counted('hooks', hookHandler(app)))
  hono.all('/api/trpc/*', counted('trpc', serveTrpc(app)))
  hono.all(
    '/api/auth/*',
    counted('auth', (c) => serveAuth(app, c.req.raw)),
  )
  for (const route of routes) {
    hono.on(
      route.method,
      `/api/v1${honoPath(route.path)}`,
      counted('rest', (c) => serveRoute(app, limit, route, c)),
    )
  }
  hono.get('/api/v1/openapi.json', (c) => c.json(openApi(routes, app)))
  hono.get('/api/docs', (c) => {
    c.header('Content-Security-Policy', docsPolicy)
    return c.html(docsPage(routes, app.version))
  })
  hono.get('/healthz', (c) => c.json({ status: 'ok', service: 'millrace', version: app.version }))
  hono.get('/readyz', () => readyResponse(app))
  hono.get('/metrics', async (c) => {
    return c.text(await metricsText(app, counts), 200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    })
  })
  return hono
}

/** The page carries its own style and script and calls this server alone. */
const docsPolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; frame-ancestors 'none'"

const areaOf = (path: string) =>
  path.startsWith('/hooks/') ? 'hooks' : path.startsWith('/api/v1/') ? 'rest' : 'other'

/** A step's id may hold slashes, and not everybody escapes them. */
const honoPath = (path: string) => path.replace(/:step$/, ':step{.+}')

async function serveRoute(app: App, limit: RequestLimit, route: Route, c: HonoContext): Promise<Response> {
  const request = c.req.raw
  const { role } = route
  const caller = role === null ? null : await app.authenticator.callerOf(request)
  limit.count(caller?.user.id ?? clientAddressOf(request))
  if (role !== null) {
    if (!caller) {
      throw new RequestError(
        401,
        'unauthorized',
        'Sign in: send `Authorization: Bearer <access token or API key>`, or `Basic` with e-mail and password.',
      )
    }
    if (!atLeast(caller.role, role)) {
      throw new RequestError(403, 'forbidden', `This needs the role ${role}; yours is ${caller.role}.`)
    }
    refuseForeignPages(app, caller, request)
  }
  return route.handle(app, caller, c.req.param(), request)
}

/** A cookie travels with requests that other sites' pages make; a token does not. */
function refuseForeignPages(app: App, caller: Caller, request: Request): void {
  const onlyReads = request.method === 'GET' || request.method === 'HEAD'
  if (caller.by !== 'cookie' || onlyReads || isFromOwnPage(request, app.env)) return
  throw new RequestError(403, 'foreign_origin', 'This request comes from another site’s page.')
}

function serveTrpc(app: App): (c: HonoContext) => Promise<Response> {
  return async (c) => {
    const request = c.req.raw
    const announced = Number(request.headers.get('content-length') ?? 0)
    if (announced > bodyLimits.input) {
      throw new RequestError(
        413,
        'too_large',
        'The body is larger than 16 MiB, the most that one call may carry.',
      )
    }
    return fetchRequestHandler({
      endpoint: '/api/trpc',
      req: request,
      router: appRouter,
      createContext: ({ resHeaders }) => createContext(app, request, resHeaders),
    })
  }
}

async function createContext(app: App, request: Request, answerHeaders: Headers): Promise<Context> {
  const context = { app, request, answerHeaders }
  const keep = (cookies: string[]) => {
    for (const cookie of cookies) answerHeaders.append('set-cookie', cookie)
  }
  try {
    const caller = await app.authenticator.callerOf(request, keep)
    if (caller) refuseForeignPages(app, caller, request)
    return { ...context, caller, refusal: null }
  } catch (refusal) {
    return { ...context, caller: null, refusal }
  }
}

async function serveAuth(app: App, request: Request): Promise<Response> {
  const response = await app.auth.handler(request)
  if (request.method !== 'GET') app.authenticator.forget()
  const retryAfter = response.headers.get('x-retry-after')
  if (retryAfter) response.headers.set('Retry-After', retryAfter)
  return response
}
