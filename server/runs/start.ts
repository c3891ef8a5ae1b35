import { getFlow } from '@/db/flows'
import { getVersion } from '@/db/versions'
import type { FlowDocument } from '@/flow/document'
import type { Json, JsonObject } from '@/flow/json'
import type { RunPart, RunStatus } from '@/flow/run/event'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import type { VersionName } from '../flows/export'
import type { Started } from '../runtime/start'
import { checkInput } from './input'

export interface StartOrder {
  flow: string
  input: Json
  /** Without it the live version, or the draft while nothing is published. */
  version?: VersionName
  cause: 'manual' | 'api'
  /** `inline`: here and now. `queued`: by any worker, when there is room. */
  mode: 'inline' | 'queued'
  samples?: boolean
  mocks?: JsonObject
  part?: RunPart
  /** On whose behalf; the caller when not said. */
  user?: string
  thread?: string
  idempotencyKey?: string
}

/** Throws NotFoundError, InvalidFlowError, and RequestError `invalid_input`. */
export async function startRun(app: App, caller: Caller, order: StartOrder): Promise<Started> {
  const { flow, version: _, user, ...rest } = order
  const { workspaceId } = caller
  const { version, document } = await documentToRun(app, workspaceId, flow, order.version)
  checkInput(document, order.input)
  return app.runtime.start({ ...rest, workspaceId, flowId: flow, version, user: user ?? caller.user.email })
}

async function documentToRun(
  app: App,
  workspaceId: string,
  flow: string,
  wanted: VersionName | undefined,
): Promise<{ version: VersionName; document: FlowDocument }> {
  if (wanted !== undefined && wanted !== 'draft') {
    return { version: wanted, document: (await getVersion(app.db, workspaceId, flow, wanted)).document }
  }
  const { document, liveVersion } = await getFlow(app.db, workspaceId, flow)
  if (wanted === 'draft' || liveVersion === null) return { version: 'draft', document }
  return documentToRun(app, workspaceId, flow, 'live')
}

/** Gives what the run was when it was asked. Throws NotFoundError. */
export async function cancelRun(app: App, caller: Caller, runId: string): Promise<{ status: RunStatus }> {
  return app.runtime.cancel({ workspaceId: caller.workspaceId, runId, by: caller.user.email })
}

/** Throws NotFoundError, ConflictError and RequestError as `runtime/answers` says. */
export async function answerStep(
  app: App,
  caller: Caller,
  { id, step, answer }: { id: string; step: string; answer: Json },
): Promise<void> {
  const { workspaceId, user } = caller
  await app.runtime.answer({ workspaceId, runId: id, step, answer, person: user.email })
}
