import { runLimits } from '@/flow/run/event'
import { readBody } from '../http-body'
import { statusError } from '../http-status'
import { defineRun, done } from '../step'
import type { Config } from './definition'
import { outgoing } from './request'

export const run = defineRun<Config>({
  async run({ config, idempotencyKey, now, signal, services }) {
    const request = outgoing(config, idempotencyKey)
    const answer = await services.http({
      ...request,
      ...(config.idempotent ? { isRepeatable: true } : {}),
      ...{ signal, maxBytes: runLimits.valueBytes },
    })
    if (failsOn(answer.status, config.failOn)) throw statusError(called(request), answer, now)
    return done({
      status: answer.status,
      headers: answer.headers,
      body: readBody(answer, config.responseType),
    })
  },
})

/** Without the query, where keys often stand. */
function called({ method, url }: { method: string; url: string }): string {
  const { origin, pathname } = new URL(url)
  return `${method} ${origin}${pathname}`
}

function failsOn(status: number, failOn: Config['failOn']): boolean {
  if (failOn === 'never') return false
  return status >= (failOn === '5xx' ? 500 : 400)
}
