import type { JobRequest } from '@/db/append'
import type { Slot, SlotGroup } from '@/db/slots'

/** Keys under which a run has at most one job each: one for its next time, one for "go on now". */
export const timerKey = (run: string) => `timer:${run}`
const wakeKey = (run: string) => `advance:${run}`

interface When {
  key: string
  /** Null: at once. */
  runAtMs: number | null
  priority: number
}

/** Somebody is to go on with the run. */
export function advanceJob(run: string, when: When): JobRequest {
  return { task: 'advance', payloadText: JSON.stringify({ run }), ...when }
}

/** The same at once. */
export function wakeJob(run: string, priority: number): JobRequest {
  return advanceJob(run, { key: wakeKey(run), runAtMs: null, priority })
}

/** Runs that were started by steps which do not wait for them any more are to be stopped. */
export function stopCallsJob(run: string, step: string, runAtMs: number): JobRequest {
  const payloadText = JSON.stringify({ run, steps: [step] })
  return { task: 'stop_calls', payloadText, key: `stop:${run}:${step}`, runAtMs, priority: -10 }
}

/** Whom a run that was called before and is called again leads to now. */
export interface Recall {
  workspaceId: string
  run: string
  versionId: string
  version: number | null
  slot: Slot | null
}

/** A run that failed or was cancelled is to go on for the step that calls it again. */
export function recallJob(recall: Recall, priority: number): JobRequest {
  const payloadText = JSON.stringify(recall)
  return { task: 'recall', payloadText, key: `recall:${recall.run}`, runAtMs: null, priority }
}

/** Room may have become free, or is wanted. */
export function admitJob(group: SlotGroup): JobRequest {
  const payloadText = JSON.stringify(group)
  const key = `admit:${group.workspaceId}:${group.flowId}:${group.key}`
  return { task: 'admit', payloadText, key, runAtMs: null, priority: -5 }
}

/** People whom a step asks are to be mailed their links. */
export function answerLinksJob(wait: string): JobRequest {
  const key = `mail_answer_links:${wait}`
  return { task: 'mail_answer_links', payloadText: JSON.stringify({ wait }), key, runAtMs: null, priority: 0 }
}

/** What brought a run about that looks after another's failure; its own failure starts no more of them. */
export const incidentCause = 'incident'

/** The failure of a run; a run that is continued can fail again, at another number of its history. */
export interface RunFailure {
  workspaceId: string
  run: string
  seq: number
}

/** Someone is to be told of it (`notify_failure`), or a flow is to look after it (`start_incident`). */
export function failureJob(task: 'notify_failure' | 'start_incident', failure: RunFailure): JobRequest {
  const key = `${task}:${failure.run}:${failure.seq}`
  return { task, payloadText: JSON.stringify(failure), key, runAtMs: null, priority: 0 }
}
