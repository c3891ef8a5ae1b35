import type { Context } from 'hono'
import { releaseOldKey, type WebhookRoute } from '@/db/webhooks'
import { parseDurationMs } from '@/flow/duration'
import type { Json } from '@/flow/json'
import { isTerminal } from '@/flow/run/event'
import { hookMethods, hookPath } from '@/nodes/webhook/definition'
import type { App } from '../app'
import { RequestError } from '../request-error'
import type { RunResult } from '../runtime/run-result'
import { withinMs } from '../within'
import { checkBody, checkHeaders, needsBytes, withoutProof } from './hook-auth'
import { authOf, dedupeKeyOf, hookOf, type Hook } from './hook-config'
import { isTestPath, openTest } from './hook-test'
import { readTrigger } from './hook-trigger'

/**
 * ANY /hooks/…: starts the live version's flow at its webhook trigger, in this process, and answers as the flow says.
 * Nothing here asks the database but the start of the run itself: routes, versions and opened secrets are in memory. (Calls
 * told apart by a key cost two look-ups more, calls that try a draft a few.)
 */
export function hookHandler(app: App): (c: Context) => Promise<Response> {
  return async (c) => {
    const path = c.req.path.slice('/hooks/'.length)
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method
    const hook = isTestPath(path)
      ? await openTest(app, method, path, Date.now())
      : await findHook(app, method, path)
    const request = c.req.raw
    const auth = await authOf(app, hook)
    if (auth) checkHeaders(auth, request.headers)
    const { trigger, bytes } = await readTrigger(request, hookPath(hook.config.path), needsBytes(auth))
    if (auth && bytes) checkBody(auth, request.headers, bytes)
    const { workspaceId, flowId, node, version } = hook
    const idempotencyKey = await dedupeKeyOf(hook, trigger)
    if (idempotencyKey !== undefined) await releaseOldKey(app.db, workspaceId, flowId, idempotencyKey)
    const { runId, number, finished } = await app.runtime.start({
      workspaceId,
      flowId,
      // The route is that of the live version, which the runtime keeps in memory; by number it would have to look.
      version,
      node,
      cause: 'webhook',
      input: withoutProof(trigger, auth),
      mode: 'inline',
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    })
    if (hook.config.respond === 'now') return accepted(runId, number)
    const result = await resultOf(app, runId, finished, parseDurationMs(hook.config.answerWithin) ?? 0)
    return result && isTerminal(result.status) ? answer(result) : accepted(runId, number)
  }
}

/** By the route that it was made of, which lives as long as nothing is published. */
const hooks = new WeakMap<WebhookRoute, Hook>()

async function findHook(app: App, method: string, path: string): Promise<Hook> {
  const route = await findRoute(app, method, path)
  const known = hooks.get(route)
  if (known) return known
  const { workspaceId, flowId, node } = route
  const hook = hookOf(route.config, { workspaceId, flowId, node, version: 'live' })
  hooks.set(route, hook)
  return hook
}

async function findRoute(app: App, method: string, path: string): Promise<WebhookRoute> {
  const route = (await app.runtime.findWebhook(method, path)) ?? (await app.runtime.findWebhook('ANY', path))
  if (route) return route
  const found = await Promise.all(hookMethods.map((other) => app.runtime.findWebhook(other, path)))
  const allowed = hookMethods.filter((_, index) => found[index])
  if (allowed.length > 0) {
    throw new RequestError(
      405,
      'method_not_allowed',
      `/hooks/${path} takes ${allowed.join(', ')}, not ${method}.`,
      { headers: { Allow: allowed.join(', ') } },
    )
  }
  throw new RequestError(
    404,
    'no_such_hook',
    `Nothing answers at /hooks/${path}. Publish the flow whose webhook trigger has this path.`,
  )
}

async function resultOf(
  app: App,
  runId: string,
  finished: Promise<RunResult> | undefined,
  limitMs: number,
): Promise<RunResult | null> {
  const endsAt = performance.now() + limitMs
  if (!finished) return app.runtime.waitForEnd(runId, limitMs)
  const result = await withinMs(finished, limitMs)
  // Another process has taken it over; a parked one waits for a person or a time, which no caller should.
  if (result?.status !== 'running') return result
  return app.runtime.waitForEnd(runId, Math.max(0, endsAt - performance.now()))
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
