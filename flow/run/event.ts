import { z } from 'zod'
import { isObject, jsonSchema, type Json, type JsonObject } from '../json'
import type { BodyWait, Resolution, Wait } from '../kind'

/** Limits of one run; past each the run or the step fails with its own error. */
export const runLimits = {
  events: 10_000,
  rounds: 1_000,
  /** Values above this are stored once, by hash. */
  inlineValueBytes: 64 * 1024,
  valueBytes: 16 * 1024 * 1024,
  stepsAtOnce: 100,
  /** Flows that call each other, one below the other. */
  callsDeep: 20,
} as const

export const runStatuses = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const
export type RunStatus = (typeof runStatuses)[number]
export function isTerminal(status: RunStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

export type StepStatus = 'running' | 'waiting' | 'completed' | 'failed' | 'skipped' | 'cancelled'

/** Values of an event came out of JSON when it is parsed: looking through them again would cost more than all the rest. */
const valueSchema = z.custom<Json>((value) => value !== undefined)
const valuesSchema = z.custom<JsonObject>(isObject)

const stepErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: valueSchema.optional(),
  retryable: z.boolean().optional(),
})
export type StepErrorData = z.infer<typeof stepErrorSchema>

/** A run's error also names the step and the attempt that failed, when a step did. */
const runErrorSchema = stepErrorSchema.extend({
  step: z.string().optional(),
  attempt: z.int().optional(),
})
export type RunError = z.infer<typeof runErrorSchema>

const usageSchema = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  model: z.string().optional(),
  /** US dollars, by the price of that moment. */
  cost: z.number().optional(),
})
const waitSchema = z.custom<Wait>((value) => typeof value === 'object' && value !== null && 'for' in value)
const resolutionSchema = z.custom<Resolution>(
  (value) => typeof value === 'object' && value !== null && 'by' in value,
)
const steeringSchema = z.object({
  status: z.string().optional(),
  guidance: z.string().optional(),
  next: z.string().optional(),
})
const bodyWaitSchema = z.custom<BodyWait>(
  (value) => typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items),
)

/** The step that a run was started by, and which of its calls it is. */
const parentSchema = z.object({ run: z.string(), step: z.string(), call: z.int() })
export type RunParent = z.infer<typeof parentSchema>

/** A run that does some items of a container's body and nothing else; its output is their results. */
const sliceSchema = z.object({
  /** Id of the container's step in the parent: the steps here have the ids that they would have there. */
  container: z.string(),
  wait: bodyWaitSchema,
  /** Outputs that the body sees of the steps around it, by node id. */
  steps: valuesSchema,
})
export type RunSlice = z.infer<typeof sliceSchema>

/** Some steps of a flow and not the others. */
export const partSchema = z.object({
  /** The first node to run. Nodes that do not follow it are left out. */
  from: z.string().optional(),
  /** The last node to run. Nodes that it does not need are left out. */
  until: z.string().optional(),
  /** Nodes that count as completed without running. */
  given: z
    .record(z.string(), z.object({ port: z.union([z.string(), z.array(z.string())]), output: jsonSchema }))
    .optional(),
})
export type RunPart = z.infer<typeof partSchema>

/**
 * What each event carries, by type. Past tense; a stored word never changes its meaning.
 * Where a step is named it is in the event's `step`, not in the data.
 */
export const eventData = {
  run_started: z.object({
    flow: z.string(),
    /** Published number, or null for a run of the draft. */
    version: z.int().nullable(),
    /** The run's number within its flow, from 1. */
    number: z.int(),
    /** The trigger node that started it. */
    node: z.string(),
    /** What started it: `manual`, `api`, `webhook`, `schedule`, … */
    cause: z.string(),
    trigger: valueSchema,
    state: valuesSchema,
    user: z.string().optional(),
    thread: z.string().optional(),
    /** Use pinned samples instead of running the steps that have one. */
    samples: z.boolean().optional(),
    /** Mocked outcomes by node id; see the API page. */
    mocks: valuesSchema.optional(),
    parent: parentSchema.optional(),
    /** How many flows have called each other down to this one. */
    depth: z.int().optional(),
    slice: sliceSchema.optional(),
    part: partSchema.optional(),
  }),
  step_started: z.object({
    /** From 1. */
    attempt: z.int(),
    /** Resolved and masked config; effects only. */
    config: valuesSchema.optional(),
    /** The step that it is done again for, with the same config: what that had done is not done again. */
    goesOn: z.string().optional(),
  }),
  step_retrying: z.object({
    attempt: z.int(),
    error: stepErrorSchema,
    retryAt: z.iso.datetime(),
    /** A model may have answered, but not well. */
    usage: usageSchema.optional(),
  }),
  step_waiting: z.object({
    wait: waitSchema,
    /** Names the wait to the outside; unguessable. */
    token: z.string().optional(),
    /** How many resolutions the step had been told of, when more came while it decided to wait again. */
    heard: z.int().optional(),
  }),
  step_completed: z.object({
    port: z.union([z.string(), z.array(z.string())]),
    output: valueSchema,
    /** Microseconds, measured; for pure steps that are too quick for the event times. */
    tookUs: z.number().optional(),
    attempt: z.int().optional(),
    usage: usageSchema.optional(),
    score: z.number().optional(),
    /** Why it did not really run: its pinned sample, a mock, or being disabled. */
    instead: z.enum(['sample', 'mock', 'disabled']).optional(),
  }),
  /**
   * `handled` says what came of it: the run failed, it went on with null, took the error port, or it was one item's pass
   * that failed, and its container decides.
   */
  step_failed: z.object({
    attempt: z.int(),
    error: stepErrorSchema,
    handled: z.enum(['fail', 'continue', 'route', 'item']),
    /** For `continue`: the port gone on by. */
    port: z.string().optional(),
    tookUs: z.number().optional(),
    usage: usageSchema.optional(),
  }),
  step_skipped: z.object({}),
  /** It was at work, and `by` has what it needs without it. */
  step_cancelled: z.object({ by: z.string() }),
  state_changed: z.object({ patch: valuesSchema }),
  /** Something that a waiting step waited for. */
  event_received: z.object({ resolution: resolutionSchema }),
  answer_received: z.object({ resolution: resolutionSchema }),
  /**
   * An act is one thing that a step does of several: one call of a model, one call of a tool. Recorded, so that a step that is
   * cut off goes on behind the last one that has completed.
   */
  act_started: z.object({
    /** Unique within the attempts of the step, such as `model#2`. */
    name: z.string(),
    kind: z.enum(['model', 'tool']),
    /** For people: the model, or the tool. */
    title: z.string(),
    input: valueSchema.optional(),
  }),
  act_completed: z.object({
    name: z.string(),
    output: valueSchema,
    usage: usageSchema.optional(),
    tookUs: z.number().optional(),
  }),
  act_failed: z.object({
    name: z.string(),
    error: stepErrorSchema,
    /** A model may have answered, but not well. */
    usage: usageSchema.optional(),
  }),
  message_sent: z.object({ role: z.enum(['user', 'assistant', 'system']), text: z.string() }),
  /** The node named by `step` and all that follows it begins a new round. */
  round_started: z.object({ by: z.string() }),
  run_continued: z.object({
    /** Id of the step to begin with; without it, what failed or was cut off. */
    from: z.string().optional(),
    version: z.int().nullable().optional(),
    by: z.string().optional(),
  }),
  run_paused: z.object({}),
  run_completed: z.object({
    output: valueSchema,
    httpStatus: z.int().optional(),
    steering: steeringSchema.optional(),
  }),
  run_failed: z.object({ error: runErrorSchema }),
  run_cancelled: z.object({ by: z.string().optional(), reason: z.string().optional() }),
} as const

type EventType = keyof typeof eventData
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>

/** What the core yields: an event without its number and time, which the runtime gives when it appends. */
export type NewEvent = { [T in EventType]: { type: T; step?: string; data: EventData<T> } }[EventType]

/** One line of a run's history. `seq` counts from 1 without gaps; `at` is ISO 8601 in UTC with milliseconds. */
export type RunEvent = NewEvent & { seq: number; at: string }

const headSchema = z.object({
  seq: z.int(),
  at: z.string(),
  type: z.enum(Object.keys(eventData) as [EventType, ...EventType[]]),
  step: z.string().nullish(),
  data: z.unknown(),
})

/** Parses an event as stored or received. Throws a ZodError when it is not one. */
export function parseEvent(value: unknown): RunEvent {
  const head = headSchema.parse(value)
  const data = eventData[head.type].parse(head.data)
  return {
    seq: head.seq,
    at: head.at,
    type: head.type,
    ...(head.step ? { step: head.step } : {}),
    data,
  } as RunEvent
}
