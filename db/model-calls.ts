import { and, count, desc, eq, gte, inArray, lt, sql, sum } from 'drizzle-orm'
import type { Usage } from '@/flow/kind'
import type { Database } from './client'
import { modelCall } from './schema/models'

export const usageGroups = ['day', 'model', 'flow', 'step', 'run'] as const
export type UsageGroup = (typeof usageGroups)[number]

export interface UsageFilter {
  from: Date
  /** Not included. */
  to: Date
  flowId?: string
}

export interface UsageSum {
  calls: number
  inputTokens: number
  outputTokens: number
  /** US dollars, of the calls whose price was known. */
  cost: number
  /** Calls whose price nobody knew. */
  unpriced: number
}

const sums = {
  calls: count(),
  inputTokens: sum(modelCall.inputTokens).mapWith(Number),
  outputTokens: sum(modelCall.outputTokens).mapWith(Number),
  cost: sql<number>`coalesce(sum(${modelCall.cost}), 0)`.mapWith(Number),
  unpriced: sql<number>`count(*) filter (where ${modelCall.cost} is null)`.mapWith(Number),
}

/**
 * A group's key: the day in UTC as `2026-01-31`, the model, the flow's id, `flow/node`, or the run's id. In the place of a
 * flow stands what asked when it was no run: `knowledge:handbook`, `assistant:voice`. Ids of flows have no colon.
 */
const keys = {
  day: sql<string>`to_char(${modelCall.at} at time zone 'UTC', 'YYYY-MM-DD')`,
  model: sql<string>`${modelCall.model}`,
  flow: sql<string>`${modelCall.flowId}`,
  step: sql<string>`${modelCall.flowId} || '/' || ${modelCall.node}`,
  run: sql<string>`case when ${modelCall.flowId} like '%:%' then ${modelCall.flowId} else ${modelCall.run}::text end`,
}

const within = (workspaceId: string, { from, to, flowId }: UsageFilter) =>
  and(
    eq(modelCall.workspaceId, workspaceId),
    gte(modelCall.at, from),
    lt(modelCall.at, to),
    flowId === undefined ? undefined : eq(modelCall.flowId, flowId),
  )

/** Days in their order; of anything else what used most first. */
export async function sumUsageBy(
  db: Database,
  workspaceId: string,
  filter: UsageFilter,
  group: UsageGroup,
  limit: number,
): Promise<(UsageSum & { key: string })[]> {
  const order =
    group === 'day'
      ? [sql`1`]
      : [desc(sql`coalesce(sum(${modelCall.cost}), 0)`), desc(sum(modelCall.inputTokens)), sql`1`]
  return db.drizzle
    .select({ key: keys[group], ...sums })
    .from(modelCall)
    .where(within(workspaceId, filter))
    .groupBy(sql`1`)
    .orderBy(...order)
    .limit(limit)
}

export async function sumUsage(db: Database, workspaceId: string, filter: UsageFilter): Promise<UsageSum> {
  const [row] = await db.drizzle.select(sums).from(modelCall).where(within(workspaceId, filter))
  return nothingAsZero(row)
}

/** What asks models without being a run. */
export interface Asker {
  /** In the place of a flow. */
  place: `knowledge:${string}` | `assistant:${string}`
  /** In the place of a step. */
  part: 'embed' | 'talk'
  /** In the place of a run: an id of its own for each pass, each talk. */
  pass: string
}

/** A call that no run has made; runs tell of theirs with their events. `number` is that of the call in its pass. */
export async function addModelCall(
  db: Database,
  workspaceId: string,
  { place, part, pass }: Asker,
  number: number,
  { inputTokens, outputTokens, model = 'unknown', cost }: Usage,
): Promise<void> {
  await db.drizzle.insert(modelCall).values({
    ...{ workspaceId, model, inputTokens, outputTokens, cost: cost ?? null, run: pass, seq: number },
    ...{ flowId: place, step: part, node: part, at: sql`now()` },
  })
}

/** Of the run and of all that it has started, slices and flows that it called; and of those alone. */
export async function sumUsageOfRun(
  db: Database,
  workspaceId: string,
  run: string,
): Promise<{ whole: UsageSum; called: UsageSum }> {
  const rows = await db.drizzle
    .select({ isCalled: sql<boolean>`${modelCall.run} <> ${run}::uuid`, ...sums })
    .from(modelCall)
    .where(
      and(eq(modelCall.workspaceId, workspaceId), inArray(modelCall.run, descendantsOf(workspaceId, run))),
    )
    .groupBy(sql`1`)
  const called = rows.find((row) => row.isCalled) ?? nothing
  const own = rows.find((row) => !row.isCalled) ?? nothing
  return { whole: added(own, called), called: added(called, nothing) }
}

const nothing: UsageSum = { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0, unpriced: 0 }

function added(one: UsageSum, other: UsageSum): UsageSum {
  return {
    calls: one.calls + other.calls,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cost: one.cost + other.cost,
    unpriced: one.unpriced + other.unpriced,
  }
}

const descendantsOf = (workspaceId: string, run: string) => sql`(
  with recursive family(id) as (
    select ${run}::uuid
    union
    select child.id from run child join family on child.parent = family.id where child.workspace_id = ${workspaceId}
  ) select id from family
)`

/** The sums of no rows are null. */
function nothingAsZero(row: UsageSum | undefined): UsageSum {
  return row?.calls ? row : nothing
}
