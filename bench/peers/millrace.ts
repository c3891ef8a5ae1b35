import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FlowDocumentInput } from '@/flow/document'
import { freePort, startPeer, type Peer } from './process'

const root = fileURLToPath(new URL('../../', import.meta.url))
const owner = { email: 'bench@example.com', password: 'bench-password-1' }

export interface Millrace extends Peer {
  /** A bearer token of the owner. */
  token: string
  owner: typeof owner
  /** Stores a flow and publishes it. */
  publish(document: FlowDocumentInput): Promise<void>
}

/** The real program by its own start command, with its own Postgres in `dataDir`. */
export async function startMillrace(dataDir: string, env: Record<string, string> = {}): Promise<Millrace> {
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const peer = await startPeer(`${base}/readyz`, process.execPath, [path.join(root, 'cli', 'start.mjs')], {
    cwd: root,
    env: {
      PORT: String(port),
      MILLRACE_DATA: dataDir,
      MILLRACE_SETUP: `${owner.email}:${owner.password}`,
      MILLRACE_URL: base,
      DATABASE_URL: '',
      ...env,
    },
    limitMs: 300_000,
  })
  const { access_token: token } = await call<{ access_token: string }>(`${base}/api/v1/auth/login`, {
    username: owner.email,
    password: owner.password,
  })
  return {
    ...peer,
    url: base,
    token,
    owner,
    async publish(document) {
      await call(`${base}/api/v1/flows`, document, token)
      await call(`${base}/api/v1/flows/${document.id}/publish`, {}, token)
    },
  }
}

async function call<T>(url: string, body: unknown, token?: string): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}
