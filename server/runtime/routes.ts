import type { Database } from '@/db/client'
import { hookPath, listWebhooks, type WebhookRoute } from '@/db/webhooks'

/** The webhook routes of all live versions, in memory: a request must not cost a query to be recognised. */
export interface Routes {
  find(method: string, path: string): Promise<WebhookRoute | null>
  /** Something was published or archived. */
  forget(): void
}

/** How long routes are believed without a word from the database: a notification may be lost. */
const believedForMs = 5_000

export function createRoutes(db: Database): Routes {
  let known: Promise<Map<string, WebhookRoute>> | null = null
  let untilMs = 0

  async function load(): Promise<Map<string, WebhookRoute>> {
    const routes = await listWebhooks(db)
    return new Map(routes.map((route) => [`${route.method} ${route.path}`, route]))
  }

  return {
    async find(method, path) {
      if (!known || untilMs < performance.now()) {
        untilMs = performance.now() + believedForMs
        known = load()
        known.catch(() => (known = null))
      }
      return (await known).get(`${method.toUpperCase()} ${hookPath(path)}`) ?? null
    },
    forget: () => (known = null),
  }
}
