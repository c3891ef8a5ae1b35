import type { Services } from '@/nodes/step'
import { parseAllowList } from './http-client/allow-list'
import { createHttpClient } from './http-client/client'
import { createModels, type ModelEnv } from './models/models'
import { createSandboxPool } from './sandbox/pool'

/** What the services need of the environment. */
export interface ServicesEnv extends ModelEnv {
  /** Private hosts that flows may reach. */
  MILLRACE_HTTP_ALLOW?: string
}

/** Gives each workspace's steps what the server lends them. */
export interface ServicesSource {
  (workspaceId: string): Services
  close(): Promise<void>
}

/** Throws a RangeError when MILLRACE_HTTP_ALLOW cannot be read. */
export function createServices({ env }: { env: ServicesEnv }): ServicesSource {
  const http = createHttpClient(parseAllowList(env.MILLRACE_HTTP_ALLOW ?? ''))
  const sandbox = createSandboxPool()
  const services: Services = {
    model: createModels(env),
    http: (request) => http.request(request),
    code: (program) => sandbox.run(program),
  }
  return Object.assign(() => services, {
    async close() {
      await Promise.all([http.close(), sandbox.close()])
    },
  })
}
