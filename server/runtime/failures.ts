import { z } from 'zod'
import type { Database } from '@/db/client'
import { sha256 } from '@/db/hash'
import { getRun, type StoredRun } from '@/db/runs'
import { resolveText, type Evaluate } from '@/flow/expression/evaluate'
import { asText, type JsonObject } from '@/flow/json'
import type { LentServices } from '@/nodes/step'
import type { Logger } from '../log'
import { RequestError } from '../request-error'
import { incidentCause, type RunFailure } from './run-jobs'
import type { Start } from './start'

const payloadSchema = z.object({
  workspaceId: z.string(),
  run: z.string(),
  seq: z.int(),
}) satisfies z.ZodType<RunFailure>

const answerBytes = 64 * 1024
const patienceMs = 30_000

/** What jobs do when a run has failed: tell someone, and start the flow that looks after it. Tried again when they fail. */
export function failureTasks(parts: {
  db: Database
  log: Logger
  services: (workspaceId: string) => LentServices
  evaluate: Evaluate
  start: Start
  /** Where people open this installation. */
  publicUrl?: string
}) {
  const { db, log, evaluate } = parts

  async function load(
    payload: unknown,
  ): Promise<{ failure: RunFailure; run: StoredRun; about: JsonObject } | null> {
    const failure = payloadSchema.parse(payload)
    const run = await getRun(db, failure.workspaceId, failure.run)
    // Somebody was quicker, and it goes on.
    if (run.status !== 'failed' || !run.error) return null
    return { failure, run, about: aboutOf(run, parts.publicUrl) }
  }

  return {
    async notify_failure(payload: unknown): Promise<void> {
      const found = await load(payload)
      const template = found?.run.document.settings.onFailure?.notify
      if (!found || template === undefined) return
      const { failure, run, about } = found
      const root = { ...about, trigger: run.input, input: run.input }
      const to = asText(await resolveText(template, root, { evaluate })).trim()
      if (to === '') return
      const services = parts.services(failure.workspaceId)
      const signal = AbortSignal.timeout(patienceMs)
      const key = `${failure.run}:${failure.seq}`
      if (!/^https?:\/\//i.test(to)) {
        await services.mail({
          to,
          subject: `${titleOf(run)} failed`,
          body: sentenceOf(run, about),
          messageId: `${sha256(key).slice(0, 32)}@millrace`,
          signal,
        })
        return
      }
      const { status } = await services.http({
        method: 'POST',
        url: to,
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ ...about, text: sentenceOf(run, about) }),
        signal,
        maxBytes: answerBytes,
      })
      if (status >= 400)
        throw new Error(`${new URL(to).host} answered ${status} when told that a run failed.`)
    },

    async start_incident(payload: unknown): Promise<void> {
      const found = await load(payload)
      const flowId = found?.run.document.settings.onFailure?.flow
      if (!found || flowId === undefined) return
      const { failure, run, about } = found
      try {
        await parts.start({
          workspaceId: failure.workspaceId,
          flowId,
          version: 'live',
          input: { ...about, input: run.input },
          cause: incidentCause,
          mode: 'queued',
          idempotencyKey: `incident:${failure.run}:${failure.seq}`,
        })
      } catch (error) {
        if (!(error instanceof RequestError) || error.status === 503) throw error
        log.warn({ run: failure.run, flow: flowId, err: error }, 'The flow for failures did not start')
      }
    },
  }
}

function aboutOf(run: StoredRun, publicUrl: string | undefined): JsonObject {
  const path = `/flows/${run.flowId}/runs/${run.id}`
  return {
    run: {
      id: run.id,
      number: run.number,
      version: run.version,
      startedAt: run.startedAt?.toISOString() ?? null,
      endedAt: run.endedAt?.toISOString() ?? null,
      ...(publicUrl === undefined ? {} : { url: publicUrl + path }),
    },
    flow: { id: run.flowId, name: run.document.name },
    error: run.error && {
      code: run.error.code,
      message: run.error.message,
      step: run.error.step ?? null,
      attempt: run.error.attempt ?? null,
    },
  }
}

function titleOf(run: StoredRun): string {
  return `Run ${run.number} of ${run.document.name || run.flowId}`
}

function sentenceOf(run: StoredRun, about: JsonObject): string {
  const where = run.error?.step === undefined ? '' : ` at ${run.error.step}`
  const link =
    typeof about.run === 'object' && about.run && 'url' in about.run ? `\n\n${String(about.run.url)}` : ''
  return `${titleOf(run)} failed${where}: ${run.error?.message ?? ''} (${run.error?.code ?? ''})${link}`
}
