import { z } from 'zod'
import {
  sumUsage,
  sumUsageBy,
  sumUsageOfRun,
  usageGroups,
  type UsageGroup,
  type UsageSum,
} from '@/db/model-calls'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import { readRun } from '../runs/read'

const dayMs = 24 * 60 * 60 * 1_000
const groupLimit = 400

const dateSchema = z.iso
  .date('Write a day as 2026-01-31.')
  .or(z.iso.datetime({ offset: true, error: 'Write a day as 2026-01-31.' }))
  .transform((text) => new Date(text))

export const usageQuerySchema = z.object({
  /** Absent: 30 days before `to`. */
  from: dateSchema.optional(),
  /** Not included. Absent: now. */
  to: dateSchema.optional(),
  by: z.enum(usageGroups).default('day'),
  flow: z.string().max(64).optional(),
})

export interface UsageReport {
  from: string
  to: string
  by: UsageGroup
  total: UsageSum
  items: (UsageSum & { key: string })[]
}

/** What the workspace's calls of models came to; they are counted even when their runs are deleted. */
export async function readUsage(
  { db }: App,
  { workspaceId }: Caller,
  { from, to = new Date(), by, flow }: z.output<typeof usageQuerySchema>,
): Promise<UsageReport> {
  const filter = { from: from ?? new Date(to.getTime() - 30 * dayMs), to, flowId: flow }
  const [total, items] = await Promise.all([
    sumUsage(db, workspaceId, filter),
    sumUsageBy(db, workspaceId, filter, by, groupLimit),
  ])
  return { from: filter.from.toISOString(), to: to.toISOString(), by, total, items }
}

export interface RunUsage extends UsageSum {
  /** The part of it that runs used which this one has started. */
  called: UsageSum
}

/** All attempts, and all runs that it has started. Throws NotFoundError. */
export async function readRunUsage({ db }: App, { workspaceId }: Caller, run: string): Promise<RunUsage> {
  const { id } = await readRun(db, workspaceId, run)
  const { whole, called } = await sumUsageOfRun(db, workspaceId, id)
  return { ...whole, called }
}
