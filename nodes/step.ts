import type { Json, JsonObject } from '@/flow/json'
import type { Outcome, Resolution, Usage, Wait } from '@/flow/kind'

/** A tool that a model may call. */
export interface ModelTool {
  /** Letters, digits, _ and -; 64 at most. */
  name: string
  description: string
  /** JSON Schema of an object. */
  parameters: JsonObject
}

/** A tool of a server that speaks the Model Context Protocol. */
export interface McpTool extends ModelTool {
  /** What the server says that a second call with the same arguments does. */
  effect: 'idempotent' | 'once'
}

export interface ToolCall {
  /** By which the answer is told from those to other calls. */
  id: string
  tool: string
  arguments: JsonObject
  /** By which Gemini knows its own call again: goes back with it. */
  signature?: string
}

/** One turn of a conversation with a model. */
export type ModelMessage =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; calls?: readonly ToolCall[] }
  | { role: 'tool'; call: string; tool: string; result: Json }

/** What the offline model says in place of what its rules would find; other models never see it. */
export interface ScriptedAnswer {
  /** Words, commas between, of which one must stand in what was said last. Without them it always fits. */
  when?: string
  /** A text, or a value of the wanted shape. */
  say?: Json
  /** A tool to call first, when it is offered. */
  call?: { tool: string; arguments?: JsonObject }
}

/** What a model is asked. */
export interface ModelRequest {
  system: string
  /** One text, or a conversation whose last turn is to be answered. */
  prompt: string | readonly ModelMessage[]
  tools?: readonly ModelTool[]
  /** JSON Schema of the wanted object; without it the answer is text. */
  schema?: JsonObject
  temperature?: number
  maxTokens?: number
  /** Each is played once in a conversation, the first that fits; the last that fits again and again. */
  script?: readonly ScriptedAnswer[]
  signal: AbortSignal
  /** Called with each piece of text as it arrives. */
  onText?: (chunk: string) => void
}

interface ModelAnswer {
  text: string
  /** Present when a schema was given and no tool is called: matches it. */
  object?: Json
  /** Tools that the model wants called before it answers. */
  calls?: readonly ToolCall[]
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
  /** The receiver does once what it is sent twice. Absent: as the method says. */
  isRepeatable?: boolean
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

export interface SqlQuery {
  /** Address of the database, `postgres://user:password@host/name`. Never part of an error or a log. */
  connection: string
  /** One statement, with `$1`, `$2` … for the values. */
  sql: string
  params: Json[]
  /** Runs in a READ ONLY transaction: PostgreSQL itself refuses what writes. */
  readOnly: boolean
  /** Rows past these are never fetched. */
  maxRows: number
  signal: AbortSignal
}

export interface SqlAnswer {
  rows: JsonObject[]
  /** Rows given, or rows that a writing statement changed. */
  rowCount: number
  /** There were more rows than `maxRows`. */
  isCapped: boolean
}

export interface MailMessage {
  /** Addresses with or without names, commas between. */
  to: string
  cc?: string
  subject: string
  body: string
  from?: string
  replyTo?: string
  /** Without angle brackets. The same for every attempt, so that receivers know a copy. */
  messageId: string
  signal: AbortSignal
}

export interface MailReceipt {
  messageId: string
  /** Addresses that the mail server took it for. */
  accepted: string[]
  rejected: string[]
}

export interface SentEvent {
  name: string
  /** Only waits for this key get it. */
  key?: string
  data: Json
  /** A second event with the same is not delivered again. */
  dedupeKey: string
}

/** A passage of the workspace's documents. */
export interface Passage {
  text: string
  /** The document, and where in it: `handbook.pdf, page 3`. */
  source: string
  /** 0 to 1: how well it fits. */
  score: number
}

/** What a search of documents gives. */
export interface FoundPassages {
  /** The best first. */
  passages: Passage[]
  /** For people: why the collection was searched otherwise than it is set up. */
  note?: string
  /** Of the model that said what the question means. */
  usage?: Usage
}

/** What the server lends to steps of any workspace. */
export interface LentServices {
  /** Throws StepError `collection_missing`. */
  knowledge(query: {
    collection: string
    query: string
    topK: number
    signal: AbortSignal
  }): Promise<FoundPassages>
  /** A live flow as a tool: what it takes. Throws StepError `flow_missing`. */
  flowTool(flow: string): Promise<ModelTool>
  /** Tools of servers that speak the Model Context Protocol, by a name of the workspace's or an address. Throws StepError `mcp_…`. */
  mcp: {
    tools(server: string, signal: AbortSignal): Promise<McpTool[]>
    /** `key`: the same for each attempt of the same call. */
    call(server: string, tool: string, args: JsonObject, signal: AbortSignal, key?: string): Promise<Json>
  }
  /** What was said in a conversation before the message that is being answered, oldest first: the newest `limit` messages. */
  messages(thread: string, limit: number): Promise<{ role: 'user' | 'assistant'; text: string }[]>
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
  /** Asks a PostgreSQL database. Throws StepError `sql_…`. */
  sql(query: SqlQuery): Promise<SqlAnswer>
  /** Hands a message to the mail server. Throws StepError `mail_…`, or `interrupted` when nobody knows whether it was taken. */
  mail(message: MailMessage): Promise<MailReceipt>
}

/** All that a kind may touch the outside through. */
export interface Services extends LentServices {
  /** Tells the runs of the workspace that wait for this event, and the flows that it starts; gives how many. */
  sendEvent(event: SentEvent): Promise<{ delivered: number }>
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One call of a model or a tool, as the history tells of it. */
export interface Act {
  /** Unique among the acts of the step, and the same each time it is performed: `model#2`. */
  name: string
  kind: 'model' | 'tool'
  /** For people: the model, or the tool. */
  title: string
  input?: Json
  effect?: 'idempotent' | 'once'
}

export interface ActResult<T extends Json> {
  output: T
  usage?: Usage
}

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
  /** The conversation that the run is part of. */
  thread: string | null
  /** Of whom the run is, when it was said. */
  user: string | null
  /**
   * Does one of several things, and records it: when the step is performed again after a crash, a wait or another act's
   * failure, an act of that name that has completed gives what it gave, and is not done again. Everything recorded before
   * is stored before the work begins. One that `once` was cut off is never done again: StepError `interrupted`.
   */
  act<T extends Json>(act: Act, work: (key: string) => Promise<ActResult<T>>): Promise<T>
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
