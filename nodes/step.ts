import type { Json, JsonObject } from '@/flow/json'
import type { Outcome, Resolution, Usage, Wait } from '@/flow/kind'

/** What a model is asked. */
export interface ModelRequest {
  system: string
  prompt: string
  /** JSON Schema of the wanted object; without it the answer is text. */
  schema?: JsonObject
  temperature?: number
  maxTokens?: number
  signal: AbortSignal
  /** Called with each piece of text as it arrives. */
  onText?: (chunk: string) => void
}

interface ModelAnswer {
  text: string
  /** Present when a schema was given: matches it. */
  object?: Json
  usage: Usage
}

/** A language model by any provider, or the offline one. Throws StepError (`model_…`) with `retryable` set truthfully. */
export interface Model {
  /** `provider/name` or `offline`. */
  name: string
  generate(request: ModelRequest): Promise<ModelAnswer>
}

export interface HttpRequest {
  method: string
  url: string
  headers: Record<string, string>
  body?: string
  signal: AbortSignal
  /** Of the answer's body; past it the request fails with `response_too_large`. */
  maxBytes: number
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

/** What the server lends to steps. A kind touches the outside only through these. */
export interface Services {
  /** Undefined: the workspace's default model. */
  model(name?: string): Promise<Model>
  /** Refuses private addresses (StepError `http_address_refused`), follows redirects with the same check. */
  http(request: HttpRequest): Promise<HttpAnswer>
  /** Runs JavaScript in the QuickJS sandbox. Throws StepError `code_…`. */
  code(program: {
    source: string
    input: Json
    steps: JsonObject
    state: JsonObject
    trigger: Json
    /** What the sandbox's clock shows, in milliseconds since 1970: it stands still. */
    now: number
    /** `Math.random` gives the same numbers for the same seed. */
    seed: string
    signal: AbortSignal
    log: (level: LogLevel, message: string) => void
  }): Promise<Json>
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** All that a step's run may touch. */
export interface StepContext<C extends JsonObject = JsonObject> {
  /** Parsed by the kind's schema, templates resolved; `expression` fields still hold their source. */
  config: C
  /** `input` of the expression root. */
  input: Json
  /** Outputs of the live predecessors by node id. */
  inputs: JsonObject
  trigger: Json
  state: JsonObject
  /** Outputs of the steps that have completed, by node id. */
  steps: JsonObject
  /** Evaluates an expression field at the step's root (plus `extra` names). Throws ExpressionError. */
  evaluate(source: string, extra?: JsonObject): Promise<Json>
  /** Throws StepError `secret_missing`. */
  secret(name: string): Promise<string>
  /** Aborted by cancel, timeout or the run's end. */
  signal: AbortSignal
  /** `<run>:<step>:<round>`: the same for every attempt. */
  idempotencyKey: string
  /** From 1. */
  attempt: number
  /** Milliseconds since 1970, by the database's clock. */
  now: number
  emit: { text(chunk: string): void; log(level: LogLevel, message: string): void }
  services: Services
}

/** The behaviour of a kind. */
export interface KindRun<C extends JsonObject = JsonObject> {
  run(context: StepContext<C>): Promise<Outcome> | Outcome
  /**
   * After a `wait` outcome: called with all resolutions so far, oldest first, each time one arrives.
   * `wait` is the wait as it was recorded, its deadline included. Pure: no effects. Returning `wait` again keeps waiting.
   */
  resume?(context: StepContext<C>, resolutions: readonly Resolution[], wait: Wait): Promise<Outcome> | Outcome
}

/** A kind's run, with its config typed by its definition. Erased to the general form that the engine calls. */
export function defineRun<C extends JsonObject>(run: KindRun<C>): KindRun {
  return run as unknown as KindRun
}

export function done(output: Json, port: string | string[] = 'done'): Outcome {
  return { type: 'done', port, output }
}
