import type { Tenant, TestApp } from './test-app'

/** Calls of webhooks in tests; `given` is asked at each call, since the server starts later. */
export function hooksOf(given: () => { server: TestApp; tenant: Tenant }) {
  return {
    send: (path: string, init: RequestInit = {}) =>
      given().server.fetch(`/hooks/${path}`, { method: 'POST', ...init }),
    json: (body: unknown, headers: Record<string, string> = {}) => ({
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    }),
    /** The run that an answer names. */
    async runOf(response: Response) {
      const { server, tenant } = given()
      const run = await server.call(tenant, `/api/v1/runs/${response.headers.get('millrace-run')}`)
      return run.json()
    },
  }
}
