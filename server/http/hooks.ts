import { timingSafeEqual, createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { WebhookRoute } from '@/db/webhooks'
import { resolveConfig } from '@/flow/expression/fields'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import { isTerminal } from '@/flow/run/event'
import { definition, hookMethods, type Config, type HookAuth } from '@/nodes/webhook/definition'
import type { App } from '../app'
import { RequestError } from '../request-error'
import type { RunResult } from '../runtime/runtime'
import { withinMs } from '../within'
import { readTrigger } from './hook-trigger'

/** A caller that waits for the end of a run gets 202 after this. */
const longestWaitMs = 120_000

/**
 * ANY /hooks/…: starts the live version's flow at its webhook trigger, in this process, and answers as the flow says.
 * Nothing here asks the database but the start of the run itself: routes, versions and opened secrets are in memory.
 */
export function hookHandler(app: App): (c: Context) => Promise<Response> {
  return async (c) => {
    const path = c.req.path.slice('/hooks/'.length)
    const route = await findRoute(app, c.req.method, path)
    const trigger = await readTrigger(c.req.raw, path)
    const config = await configOf(app, route, trigger)
    if (config.auth) checkAuth(config.auth, c.req.raw.headers)
    const { workspaceId, flowId, node } = route
    const started = await app.runtime.start({
      workspaceId,
      flowId,
      // The route is that of the live version, which the runtime keeps in memory; by number it would have to look.
      version: 'live',
      node,
      cause: 'webhook',
      input: withoutAuth(trigger, config.auth),
      mode: 'inline',
      ...(config.dedupeKey ? { idempotencyKey: `hook:${node}:${config.dedupeKey}` } : {}),
    })
    const { runId, number } = started
    if (config.respond === 'now') return accepted(runId, number)
    const result = await resultOf(app, runId, started.finished)
    return result && isTerminal(result.status) ? answer(result) : accepted(runId, number)
  }
}

async function findRoute(app: App, method: string, path: string): Promise<WebhookRoute> {
  const asked = method === 'HEAD' ? 'GET' : method
  const route = (await app.runtime.findWebhook(asked, path)) ?? (await app.runtime.findWebhook('ANY', path))
  if (route) return route
  const found = await Promise.all(hookMethods.map((other) => app.runtime.findWebhook(other, path)))
  const allowed = hookMethods.filter((_, index) => found[index])
  if (allowed.length > 0) {
    throw new RequestError(
      405,
      'method_not_allowed',
      `/hooks/${path} takes ${allowed.join(', ')}, not ${method}.`,
      {
        headers: { Allow: allowed.join(', ') },
      },
    )
  }
  throw new RequestError(
    404,
    'no_such_hook',
    `Nothing answers at /hooks/${path}. Publish the flow whose webhook trigger has this path.`,
  )
}

/** Routes whose config holds no template, which most do not. */
const plain = new WeakMap<WebhookRoute, Config | null>()

async function configOf(app: App, route: WebhookRoute, trigger: JsonObject): Promise<Config> {
  const known = plain.get(route)
  if (known) return known
  if (known === undefined) {
    const isPlain = !JSON.stringify(route.config).includes('${')
    const config = isPlain ? parseConfig(route.config) : null
    plain.set(route, config)
    if (config) return config
  }
  const { config } = await resolveConfig(
    definition,
    route.config,
    { trigger },
    {
      now: Date.now(),
      async secret(name) {
        const secret = await app.secrets.read(route.workspaceId, name)
        if (secret !== null) return secret
        throw new RequestError(
          503,
          'secret_missing',
          `This webhook needs the secret ${name}. Add it in the settings.`,
        )
      },
    },
  )
  return parseConfig(config)
}

/** Of a published version, so it fits. */
const parseConfig = (config: JsonObject): Config => definition.config.parse(config) as Config

function checkAuth(auth: HookAuth, headers: Headers): void {
  if (isAllowed(auth, headers)) return
  const challenge = auth.type === 'basic' ? 'Basic realm="webhook"' : 'Bearer realm="webhook"'
  throw new RequestError(
    401,
    'unauthorized',
    'This webhook wants to know who calls; what was sent does not do.',
    {
      headers: { 'WWW-Authenticate': challenge },
    },
  )
}

function isAllowed(auth: HookAuth, headers: Headers): boolean {
  if (auth.type === 'header') return isSame(headers.get(auth.name), auth.value)
  const sent = headers.get('authorization')
  if (auth.type === 'bearer') return isSame(sent, `Bearer ${auth.token}`)
  return isSame(sent, `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`)
}

/** Takes the same time wherever the two begin to differ. */
function isSame(sent: string | null, wanted: string): boolean {
  return sent !== null && timingSafeEqual(digest(sent), digest(wanted))
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** What proved who calls does not enter the history. */
function withoutAuth(trigger: JsonObject, auth: HookAuth | undefined): JsonObject {
  if (auth?.type !== 'header') return trigger
  const { [auth.name.toLowerCase()]: _, ...headers } = isObject(trigger.headers) ? trigger.headers : {}
  return { ...trigger, headers }
}

async function resultOf(
  app: App,
  runId: string,
  finished: Promise<RunResult> | undefined,
): Promise<RunResult | null> {
  if (!finished) return app.runtime.waitForEnd(runId, longestWaitMs)
  const result = await withinMs(finished, longestWaitMs)
  // Another process has taken it over; a parked one waits for a person or a time, which no caller should.
  return result?.status === 'running' ? app.runtime.waitForEnd(runId, longestWaitMs) : result
}

function accepted(runId: string, number: number): Response {
  return json({ run: runId, number }, 202, runId)
}

function answer({ runId, status, output, error, httpStatus }: RunResult): Response {
  if (status === 'completed') return json(output, httpStatus ?? 200, runId)
  const code = error?.code ?? `run_${status}`
  const message = error?.message ?? 'The run was cancelled.'
  const details = { run: runId, ...(error?.step === undefined ? {} : { step: error.step }) }
  return json({ error: { code, message, details } }, httpStatus ?? 500, runId)
}

function json(value: Json, status: number, runId: string): Response {
  const isEmpty = status === 204 || status === 205 || status === 304
  return new Response(isEmpty ? null : JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', 'Millrace-Run': runId },
  })
}
