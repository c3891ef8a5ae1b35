import { and, desc, eq, isNotNull, sql } from 'drizzle-orm'
import type { FlowDocument } from '@/flow/document'
import type { Database } from './client'
import { ConflictError, NotFoundError } from './errors'
import { documentHash, noSuchFlow } from './flows'
import { user } from './schema/auth'
import { flow, flowVersion } from './schema/flows'
import { syncEventTriggers } from './outside-events'
import { syncSchedules } from './schedules'
import type { Trigger } from './triggers'
import { uuidAt } from './uuid'
import { syncWebhooks } from './webhooks'

export interface Version {
  id: string
  workspaceId: string
  flowId: string
  /** Null: a frozen draft. */
  number: number | null
  document: FlowDocument
}

const columns = {
  id: flowVersion.id,
  workspaceId: flowVersion.workspaceId,
  flowId: flowVersion.flowId,
  number: flowVersion.number,
  document: flowVersion.document,
}

/**
 * Freezes the draft under the next number, makes it the live version and registers its triggers.
 * Throws NotFoundError, and ConflictError: `webhook_taken` when another flow answers at one of its paths, `draft_changed`
 * when the draft is not at the `revision` that was looked at.
 */
export async function publishFlow(
  db: Database,
  workspaceId: string,
  flowId: string,
  triggers: Trigger[],
  options: { note?: string; person?: string | null; revision?: number } = {},
): Promise<Version & { number: number }> {
  return db.drizzle.transaction(async (tx) => {
    const [draft] = await tx
      .update(flow)
      .set({ liveVersion: sql`coalesce(${flow.liveVersion}, 0) + 1` })
      .where(and(eq(flow.workspaceId, workspaceId), eq(flow.id, flowId), sql`${flow.archivedAt} is null`))
      .returning({
        number: flow.liveVersion,
        document: flow.document,
        hash: flow.hash,
        revision: flow.revision,
      })
    if (!draft || draft.number === null) throw noSuchFlow(flowId)
    if (options.revision !== undefined && draft.revision !== options.revision) {
      throw new ConflictError(
        'draft_changed',
        `Flow ${flowId} was saved while it was being published. Look at it and publish again.`,
      )
    }
    const version = {
      id: uuidAt(Date.now()),
      workspaceId,
      flowId,
      number: draft.number,
      document: draft.document,
    }
    await tx
      .insert(flowVersion)
      .values({ ...version, hash: draft.hash, note: options.note, createdBy: options.person ?? null })
    await syncWebhooks(tx, workspaceId, flowId, draft.number, triggers)
    await syncSchedules(tx, workspaceId, flowId, draft.number, triggers)
    await syncEventTriggers(tx, workspaceId, flowId, draft.number, triggers)
    await tx.execute(sql`select pg_notify('millrace_routes', '')`)
    return version
  })
}

/** The unnumbered version of a document: the one there is, or a new one. */
export async function freezeDraft(
  db: Database,
  workspaceId: string,
  document: FlowDocument,
  person: string | null = null,
): Promise<Version> {
  const hash = documentHash(document)
  const flowId = document.id
  const [created] = await db.drizzle
    .insert(flowVersion)
    .values({ id: uuidAt(Date.now()), workspaceId, flowId, hash, document, createdBy: person })
    .onConflictDoNothing()
    .returning(columns)
  if (created) return created
  const [existing] = await db.drizzle
    .select(columns)
    .from(flowVersion)
    .where(
      and(
        eq(flowVersion.workspaceId, workspaceId),
        eq(flowVersion.flowId, flowId),
        eq(flowVersion.hash, hash),
        sql`${flowVersion.number} is null`,
      ),
    )
  if (!existing) throw noSuchFlow(flowId)
  return existing
}

/** By published number, or the live one. Throws NotFoundError. */
export async function getVersion(
  db: Database,
  workspaceId: string,
  flowId: string,
  number: number | 'live',
): Promise<Version> {
  const [row] = await db.drizzle
    .select(columns)
    .from(flowVersion)
    .innerJoin(flow, and(eq(flow.workspaceId, flowVersion.workspaceId), eq(flow.id, flowVersion.flowId)))
    .where(
      and(
        eq(flowVersion.workspaceId, workspaceId),
        eq(flowVersion.flowId, flowId),
        sql`${flow.archivedAt} is null`,
        eq(flowVersion.number, number === 'live' ? flow.liveVersion : number),
      ),
    )
  if (row) return row
  throw new NotFoundError(
    number === 'live'
      ? `Flow ${flowId} is not published. Publish it, or run the draft.`
      : `Flow ${flowId} has no version ${number}.`,
  )
}

/** By its row id, as runs point at it. Throws NotFoundError. */
export async function getVersionById(db: Database, workspaceId: string, id: string): Promise<Version> {
  const [row] = await db.drizzle
    .select(columns)
    .from(flowVersion)
    .where(and(eq(flowVersion.id, id), eq(flowVersion.workspaceId, workspaceId)))
  if (!row) throw new NotFoundError(`There is no version ${id} here.`)
  return row
}

export interface VersionSummary {
  version: number
  publishedAt: Date
  publishedBy: string | null
  note: string | null
}

/** Published versions, newest first. */
export async function listVersions(
  db: Database,
  workspaceId: string,
  flowId: string,
): Promise<VersionSummary[]> {
  const rows = await db.drizzle
    .select({
      version: flowVersion.number,
      publishedAt: flowVersion.createdAt,
      publishedBy: user.name,
      note: flowVersion.note,
    })
    .from(flowVersion)
    .leftJoin(user, eq(user.id, flowVersion.createdBy))
    .where(
      and(
        eq(flowVersion.workspaceId, workspaceId),
        eq(flowVersion.flowId, flowId),
        isNotNull(flowVersion.number),
      ),
    )
    .orderBy(desc(flowVersion.number))
  return rows.flatMap((row) => (row.version === null ? [] : [{ ...row, version: row.version }]))
}
