import { and, desc, eq, ilike, inArray, isNull, or, sql } from 'drizzle-orm'
import type { FlowDocument } from '@/flow/document'
import type { RunStatus } from '@/flow/run/event'
import type { Database } from './client'
import { ConflictError, NotFoundError } from './errors'
import { sha256 } from './hash'
import { user } from './schema/auth'
import { eventTrigger, flow, flowVersion, schedule, webhook } from './schema/flows'

export interface StoredFlow {
  id: string
  document: FlowDocument
  revision: number
  createdAt: Date
  updatedAt: Date
  /** Name of the person, where known. */
  updatedBy: string | null
  liveVersion: number | null
  /** The draft is not what the live version holds. False while nothing is published. */
  draftDiffers: boolean
}

export interface FlowSummary extends Omit<StoredFlow, 'updatedBy' | 'createdAt'> {
  /** Statuses of the newest runs, newest first, twelve at most. */
  recentRuns: RunStatus[]
}

const of = (workspaceId: string, id: string) =>
  and(eq(flow.workspaceId, workspaceId), eq(flow.id, id), isNull(flow.archivedAt))

const liveHash = sql<string | null>`(
  select v.hash from ${flowVersion} v
  where v.workspace_id = ${flow.workspaceId} and v.flow_id = ${flow.id} and v.number = ${flow.liveVersion})`

const differs = sql<boolean>`coalesce(${liveHash} <> ${flow.hash}, false)`

/** Throws ConflictError `flow_exists` when the document's id is taken, by an archived flow too. */
export async function createFlow(
  db: Database,
  workspaceId: string,
  document: FlowDocument,
  person: string | null = null,
): Promise<{ id: string; revision: number }> {
  const rows = await db.drizzle
    .insert(flow)
    .values({ workspaceId, id: document.id, ...columnsOf(document), updatedBy: person })
    .onConflictDoNothing()
    .returning({ id: flow.id, revision: flow.revision })
  const created = rows[0]
  if (!created) {
    throw new ConflictError(
      'flow_exists',
      `A flow with the id ${document.id} exists already. Choose another id.`,
    )
  }
  return created
}

/** Throws NotFoundError. */
export async function getFlow(db: Database, workspaceId: string, id: string): Promise<StoredFlow> {
  const [row] = await db.drizzle
    .select({
      id: flow.id,
      document: flow.document,
      revision: flow.revision,
      createdAt: flow.createdAt,
      updatedAt: flow.updatedAt,
      updatedBy: user.name,
      liveVersion: flow.liveVersion,
      draftDiffers: differs,
    })
    .from(flow)
    .leftJoin(user, eq(user.id, flow.updatedBy))
    .where(of(workspaceId, id))
  if (!row) throw noSuchFlow(id)
  return row
}

export interface FlowFilter {
  /** Part of the name, the id or the description. */
  search?: string
  tag?: string
  limit?: number
  /** Id of the last flow of the page before; pages are by newest change. */
  after?: string
}

/** Newest change first. */
export async function listFlows(
  db: Database,
  workspaceId: string,
  filter: FlowFilter = {},
): Promise<FlowSummary[]> {
  const pattern = filter.search ? `%${filter.search.replace(/[\\%_]/g, '\\$&')}%` : null
  const rows = await db.drizzle
    .select({
      id: flow.id,
      document: flow.document,
      revision: flow.revision,
      updatedAt: flow.updatedAt,
      liveVersion: flow.liveVersion,
      draftDiffers: differs,
    })
    .from(flow)
    .where(
      and(
        eq(flow.workspaceId, workspaceId),
        isNull(flow.archivedAt),
        pattern
          ? or(ilike(flow.name, pattern), ilike(flow.id, pattern), ilike(flow.description, pattern))
          : undefined,
        filter.tag ? sql`${filter.tag} = any(${flow.tags})` : undefined,
        filter.after
          ? sql`(${flow.updatedAt}, ${flow.id}) < (select updated_at, id from ${flow} f
              where f.workspace_id = ${workspaceId} and f.id = ${filter.after})`
          : undefined,
      ),
    )
    .orderBy(desc(flow.updatedAt), desc(flow.id))
    .limit(filter.limit ?? 500)
  const statuses = await recentStatuses(
    db,
    workspaceId,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({ ...row, recentRuns: statuses.get(row.id) ?? [] }))
}

async function recentStatuses(
  db: Database,
  workspaceId: string,
  ids: string[],
): Promise<Map<string, RunStatus[]>> {
  const byFlow = new Map<string, RunStatus[]>()
  if (ids.length === 0) return byFlow
  const result = await db.pool.query<{ id: string; statuses: RunStatus[] }>(
    `select f.id, array_agg(r.status order by r.number desc) as statuses
     from unnest($2::text[]) as f(id)
     cross join lateral (
       select status, number from run where workspace_id = $1 and flow_id = f.id order by number desc limit 12
     ) r
     group by f.id`,
    [workspaceId, ids],
  )
  for (const row of result.rows) byFlow.set(row.id, row.statuses)
  return byFlow
}

/**
 * Saves the draft when it is still at `expectedRevision`. Otherwise throws ConflictError `stale_revision`
 * whose data is the stored flow. Saving what is stored already makes no new revision.
 */
export async function saveFlow(
  db: Database,
  workspaceId: string,
  id: string,
  document: FlowDocument,
  expectedRevision: number,
  person: string | null = null,
): Promise<{ revision: number; updatedAt: Date }> {
  if (document.id !== id) {
    throw new ConflictError('flow_id_fixed', `This flow is ${id}; the document says ${document.id}.`)
  }
  const columns = columnsOf(document)
  const [row] = await db.drizzle
    .update(flow)
    .set({
      ...columns,
      revision: sql`case when ${flow.hash} = ${columns.hash} then ${flow.revision} else ${flow.revision} + 1 end`,
      updatedAt: sql`case when ${flow.hash} = ${columns.hash} then ${flow.updatedAt} else clock_timestamp() end`,
      updatedBy: person,
    })
    .where(and(of(workspaceId, id), eq(flow.revision, expectedRevision)))
    .returning({ revision: flow.revision, updatedAt: flow.updatedAt })
  if (row) return row
  const current = await getFlow(db, workspaceId, id)
  throw new ConflictError('stale_revision', 'Someone else saved this flow since you opened it.', current)
}

/** Takes the flow out of every list and stops its triggers. Its runs and versions stay. */
export async function archiveFlow(db: Database, workspaceId: string, id: string): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    const rows = await tx
      .update(flow)
      .set({ archivedAt: sql`now()` })
      .where(of(workspaceId, id))
      .returning({ id: flow.id })
    if (rows.length === 0) throw noSuchFlow(id)
    await tx.delete(webhook).where(and(eq(webhook.workspaceId, workspaceId), eq(webhook.flowId, id)))
    await tx.delete(schedule).where(and(eq(schedule.workspaceId, workspaceId), eq(schedule.flowId, id)))
    await tx
      .delete(eventTrigger)
      .where(and(eq(eventTrigger.workspaceId, workspaceId), eq(eventTrigger.flowId, id)))
    await tx.execute(sql`select pg_notify('millrace_routes', '')`)
  })
}

/** Ids that are taken among those given; archived flows keep theirs. */
async function takenFlowIds(db: Database, workspaceId: string, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.drizzle
    .select({ id: flow.id })
    .from(flow)
    .where(and(eq(flow.workspaceId, workspaceId), inArray(flow.id, ids)))
  return new Set(rows.map((row) => row.id))
}

/** `wanted`, or `wanted_2`, `wanted_3`, … when it is taken. */
export async function freeFlowId(db: Database, workspaceId: string, wanted: string): Promise<string> {
  const stem = wanted.slice(0, 58)
  const candidates = [wanted, ...Array.from({ length: 200 }, (_, index) => `${stem}_${index + 2}`)]
  const taken = await takenFlowIds(db, workspaceId, candidates)
  const free = candidates.find((candidate) => !taken.has(candidate))
  if (!free) throw new ConflictError('flow_exists', `Every id like ${wanted} is taken. Choose another id.`)
  return free
}

export function noSuchFlow(id: string): NotFoundError {
  return new NotFoundError(`There is no flow ${id} here.`)
}

function columnsOf(document: FlowDocument) {
  return {
    name: document.name,
    description: document.description,
    tags: document.tags,
    document,
    hash: documentHash(document),
  }
}

/** Equal documents have equal hashes when their keys are in the same order, as one parser leaves them. */
export function documentHash(document: FlowDocument): string {
  return sha256(JSON.stringify(document))
}
