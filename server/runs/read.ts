import type { Database } from '@/db/client'
import {
  getRun,
  lastRun,
  listRuns,
  listStartedRuns,
  type RunFilter,
  type RunSummary,
  type StartedRun,
} from '@/db/runs'
import { isUuid } from '@/db/uuid'
import { listEvents } from '@/db/events'
import type { FlowDocument } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import type { Json, JsonObject } from '@/flow/json'
import type { RunError, RunStatus } from '@/flow/run/event'
import { replay } from '@/flow/run/replay'
import { visibleOutputs } from '@/flow/run/root'
import { topScope } from '@/flow/run/step-id'
import { kinds } from '@/nodes/definitions'

interface RunHead {
  id: string
  /** Within its flow, from 1. */
  number: number
  flow: string
  /** Published number, or null for a run of the draft. */
  version: number | null
  status: RunStatus
  cause: string
  /** The run that started this one, and its step. */
  parent: { run: string; step: string } | null
  error: RunError | null
  startedAt: string | null
  endedAt: string | null
}

interface RunRow extends RunHead {
  durationMs: number | null
}

export interface RunView extends RunHead {
  input: Json
  output: Json
  /** Runs that its steps have started. */
  children: StartedRun[]
  /** What it runs. */
  document: FlowDocument
}

function headOf(run: RunSummary): RunHead {
  return {
    id: run.id,
    number: run.number,
    flow: run.flowId,
    version: run.version,
    status: run.status,
    cause: run.cause,
    parent: run.parent === null ? null : { run: run.parent, step: run.parentStep ?? '' },
    error: run.error,
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
  }
}

/** Throws NotFoundError. */
export async function readRun(db: Database, workspaceId: string, id: string): Promise<RunView> {
  const [run, children] = await Promise.all([
    getRun(db, workspaceId, id),
    isUuid(id) ? listStartedRuns(db, workspaceId, id) : [],
  ])
  return { ...headOf(run), input: run.input, output: run.output, children, document: run.document }
}

export interface RunPage {
  items: RunRow[]
  /** Give it to get the page after this one; null at the end. */
  cursor: string | null
}

/** Newest first. */
export async function listRunRows(
  db: Database,
  workspaceId: string,
  filter: RunFilter & { limit: number },
): Promise<RunPage> {
  const found = await listRuns(db, workspaceId, { ...filter, limit: filter.limit + 1 })
  const runs = found.slice(0, filter.limit)
  const last = runs.at(-1)
  return {
    items: runs.map((run) => ({ ...headOf(run), durationMs: durationOf(run) })),
    cursor: found.length > runs.length && last ? last.id : null,
  }
}

function durationOf({ startedAt, endedAt }: RunSummary): number | null {
  return startedAt && endedAt ? endedAt.getTime() - startedAt.getTime() : null
}

/** What the newest run of a flow was given. */
export async function readLastInput(
  db: Database,
  workspaceId: string,
  flow: string,
): Promise<{ input: Json } | null> {
  const run = await lastRun(db, workspaceId, flow)
  return run && { input: run.input }
}

export interface LastOutputs {
  trigger: Json
  state: JsonObject
  /** By node id, those of the top level. */
  steps: Record<string, Json>
}

/** Values of the newest run of a flow, to complete and to preview expressions with. */
export async function readLastOutputs(
  db: Database,
  workspaceId: string,
  flow: string,
): Promise<LastOutputs | null> {
  const last = await lastRun(db, workspaceId, flow)
  if (!last) return null
  const [run, events] = await Promise.all([
    getRun(db, workspaceId, last.id),
    listEvents(db, workspaceId, last.id),
  ])
  const state = replay(graphOf(run.document, kinds), events)
  return { trigger: state.trigger, state: state.state, steps: visibleOutputs(state, topScope) }
}
