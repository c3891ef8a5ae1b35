import { z } from 'zod'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import type { VersionName } from '../flows/export'
import type { ContinuedMany } from '../runtime/continue'

/** A step, or a node. */
export const stepSchema = z.string().min(1).max(500)
export const versionSchema = z.union([z.enum(['live', 'draft']), z.int().min(1)])
const timeSchema = z.iso.datetime({ offset: true, error: 'Write a time as 2026-05-01T09:00:00Z.' })

/** Which runs to continue. */
export const continueManySchema = z.strictObject({
  flow: z.string().min(1).max(64),
  status: z.enum(['failed', 'cancelled']).default('failed'),
  from: timeSchema.optional().meta({ description: 'Started at or after.' }),
  to: timeSchema.optional().meta({ description: 'Started at or before.' }),
  step: stepSchema.optional().meta({ description: 'The node, or the step, that failed.' }),
  code: z.string().min(1).max(100).optional().meta({ description: 'Of the error.' }),
  version: versionSchema.optional().meta({ description: 'The one that each ran last when not said.' }),
})

/** Throws NotFoundError, ConflictError, InvalidFlowError and RequestError as `runtime/continue` says. */
export async function continueRun(
  app: App,
  caller: Caller,
  order: { id: string; from?: string; version?: VersionName },
): Promise<void> {
  const { id: runId, ...rest } = order
  await app.runtime.continueRun({ ...rest, workspaceId: caller.workspaceId, runId, by: caller.user.email })
}

/** Throws NotFoundError for an unknown version, and InvalidFlowError for a draft that cannot run. */
export async function continueMany(
  app: App,
  caller: Caller,
  order: z.output<typeof continueManySchema>,
): Promise<ContinuedMany> {
  const { flow, status, from, to, step, code, version } = order
  return app.runtime.continueMany({
    workspaceId: caller.workspaceId,
    version,
    by: caller.user.email,
    filter: {
      flowId: flow,
      status,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      step,
      code,
    },
  })
}

export type { ContinuedMany }
