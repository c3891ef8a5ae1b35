import { addAuditEntry } from '@/db/audit'
import type { Database } from '@/db/client'
import { listEvents } from '@/db/events'
import { getFlow } from '@/db/flows'
import { getRun } from '@/db/runs'
import {
  createShareLink,
  listShareLinks,
  openShareLink,
  revokeShareLink,
  type ShareLink,
} from '@/db/share-links'
import type { FlowDocument } from '@/flow/document'
import type { RunEvent, RunStatus } from '@/flow/run/event'
import { maskDocument, maskEvents } from './shared-view'

export interface Share {
  token: string
  url: string
  kind: ShareLink['kind']
  /** The one run that it shows, or null: the flow alone. */
  run: string | null
  createdAt: string
}

const addressOf = (baseUrl: string, kind: ShareLink['kind'], token: string) =>
  `${baseUrl}/${kind === 'chat' ? 'chat' : 'share'}/${token}`

export async function createShare(
  db: Database,
  workspaceId: string,
  of: { flow: string; run?: string; kind?: ShareLink['kind'] },
  person: string,
  baseUrl: string,
): Promise<{ token: string; url: string }> {
  const { flow, kind = 'view', run } = of
  const { token } = await createShareLink(db, workspaceId, { flowId: flow, run, kind }, person)
  await addAuditEntry(db, workspaceId, {
    person,
    action: 'flow.shared',
    subject: of.flow,
    details: { ...(run === undefined ? {} : { run }), ...(kind === 'view' ? {} : { kind }) },
  })
  return { token, url: addressOf(baseUrl, kind, token) }
}

/** Those that still work, newest first. */
export async function listShares(
  db: Database,
  workspaceId: string,
  flow: string,
  baseUrl: string,
): Promise<Share[]> {
  await getFlow(db, workspaceId, flow)
  const links = await listShareLinks(db, workspaceId, flow)
  return links.map(({ token, kind, run, createdAt }) => ({
    token,
    url: addressOf(baseUrl, kind, token),
    kind,
    run,
    createdAt: createdAt.toISOString(),
  }))
}

export async function revokeShare(
  db: Database,
  workspaceId: string,
  token: string,
  person: string,
): Promise<void> {
  await revokeShareLink(db, workspaceId, token)
  await addAuditEntry(db, workspaceId, { person, action: 'share.revoked', subject: `${token.slice(0, 6)}…` })
}

export interface SharedView {
  document: FlowDocument
  run: { id: string; number: number; status: RunStatus; events: RunEvent[] } | null
  flowName: string
}

/** What anyone who has the token may see. Throws NotFoundError, for a revoked one too. */
export async function openShare(db: Database, token: string): Promise<SharedView> {
  const link = await openShareLink(db, token, 'view')
  if (link.run === null) {
    const { document } = await getFlow(db, link.workspaceId, link.flowId)
    return { document: maskDocument(document), run: null, flowName: document.name || document.id }
  }
  // A link to an archived flow shows nothing, its runs neither.
  await getFlow(db, link.workspaceId, link.flowId)
  const [run, events] = await Promise.all([
    getRun(db, link.workspaceId, link.run),
    listEvents(db, link.workspaceId, link.run),
  ])
  return {
    document: maskDocument(run.document),
    run: { id: run.id, number: run.number, status: run.status, events: maskEvents(events) },
    flowName: run.document.name || run.document.id,
  }
}
