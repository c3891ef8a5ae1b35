import { randomBytes } from 'node:crypto'
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from './client'
import { NotFoundError } from './errors'
import { getFlow } from './flows'
import { getRun } from './runs'
import { shareLink } from './schema/flows'

export interface ShareLink {
  token: string
  flowId: string
  /** `view`: shows; `chat`: lets talk with the live version, and shows nothing. */
  kind: 'view' | 'chat'
  /** The one run that the link shows, or null for the flow alone. */
  run: string | null
  createdAt: Date
}

const columns = {
  token: shareLink.token,
  flowId: shareLink.flowId,
  kind: shareLink.kind,
  run: shareLink.run,
  createdAt: shareLink.createdAt,
}

/** Throws NotFoundError when the flow or the run is not there. The token has 192 random bits. */
export async function createShareLink(
  db: Database,
  workspaceId: string,
  of: { flowId: string; run?: string | null; kind?: ShareLink['kind'] },
  person: string | null = null,
): Promise<ShareLink> {
  await getFlow(db, workspaceId, of.flowId)
  if (of.run) {
    const shown = await getRun(db, workspaceId, of.run)
    if (shown.flowId !== of.flowId) throw new NotFoundError(`Run ${of.run} is not one of flow ${of.flowId}.`)
  }
  const token = randomBytes(24).toString('base64url')
  const [row] = await db.drizzle
    .insert(shareLink)
    .values({
      token,
      workspaceId,
      flowId: of.flowId,
      kind: of.kind ?? 'view',
      run: of.run ?? null,
      createdBy: person,
    })
    .returning(columns)
  if (!row) throw new Error('The share link was not stored.')
  return row
}

/** Those that still work, newest first. */
export async function listShareLinks(
  db: Database,
  workspaceId: string,
  flowId: string,
): Promise<ShareLink[]> {
  return db.drizzle
    .select(columns)
    .from(shareLink)
    .where(
      and(eq(shareLink.workspaceId, workspaceId), eq(shareLink.flowId, flowId), isNull(shareLink.revokedAt)),
    )
    .orderBy(desc(shareLink.createdAt))
}

export async function revokeShareLink(db: Database, workspaceId: string, token: string): Promise<void> {
  const rows = await db.drizzle
    .update(shareLink)
    .set({ revokedAt: sql`now()` })
    .where(
      and(eq(shareLink.workspaceId, workspaceId), eq(shareLink.token, token), isNull(shareLink.revokedAt)),
    )
    .returning({ token: shareLink.token })
  if (rows.length === 0) throw noSuchLink()
}

/** The one look-up without a workspace: the token itself is the right to look. */
export async function openShareLink(
  db: Database,
  token: string,
  kind: ShareLink['kind'],
): Promise<ShareLink & { workspaceId: string }> {
  const [row] = await db.drizzle
    .select({ ...columns, workspaceId: shareLink.workspaceId })
    .from(shareLink)
    .where(and(eq(shareLink.token, token), eq(shareLink.kind, kind), isNull(shareLink.revokedAt)))
  if (!row) throw noSuchLink()
  return row
}

function noSuchLink(): NotFoundError {
  return new NotFoundError('This link was revoked, or never was.')
}
