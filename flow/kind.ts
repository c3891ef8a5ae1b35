import type { z } from 'zod'
import type { FlowDocument, FlowNode } from './document'
import type { Json, JsonObject } from './json'
import type { Problem } from './problem'

export const categories = ['trigger', 'agent', 'logic', 'people', 'action', 'data', 'time'] as const
export type Category = (typeof categories)[number]

/**
 * What happens outside when a step of this kind runs.
 * - `none`: nothing. Recomputed at will, costs microseconds, needs no commit of its own.
 * - `idempotent`: may be attempted again with the same key.
 * - `once`: after a crash in mid-attempt nobody knows; the step fails as `interrupted` and is never sent twice by itself.
 */
export type Effect = 'none' | 'idempotent' | 'once'

/** Compared as methods are (bivariantly), so that a kind with a narrow config still fits the registry. */
type EffectFunction<C> = { by(config: C): Effect }['by']

/** An output of a node, drawn on its right side. */
export interface Port {
  name: string
  label: string
}

/** Config as the engine hands it to functions of the definition: parsed if it parses, else as it stands in the draft. */
type Draft<C> = Partial<C>

/** All that the editor, the validator and the engine must know of a kind; its behaviour is in the kind's run.ts. */
export interface KindDefinition<C extends JsonObject = JsonObject> {
  kind: string
  title: string
  category: Category
  /** Name of a lucide icon, in kebab case. */
  icon: string
  /** One sentence for the palette and the docs. */
  description: string
  /** Other words that people search for. */
  keywords?: string[]
  /** Strict object: an unknown key is a problem. Fields carry `FieldMeta`. */
  config: z.ZodType<C>
  /** Config of a freshly added node: valid where it can be, telling where it cannot. */
  defaults: JsonObject
  /** Outputs in drawing order, without `error`. Empty for kinds that end the run. */
  ports(config: Draft<C>): Port[]
  /** The faint second line on the node, such as `GET crm/customers`. */
  summary(config: Draft<C>): string
  effect: Effect | EffectFunction<C>
  /** Starts a run; takes no incoming edge. */
  trigger?: boolean
  /** Holds nodes whose `parent` it is. */
  container?: boolean
  /** Ends the run: takes no outgoing edge, has no error port. */
  terminal?: boolean
  /** How many of the node's live branches may be at work at once; undefined: all. */
  branchLimit?(config: Draft<C>): number | undefined
  /** A join that yields an object by predecessor even when only one is live. */
  collects?: boolean
  /** As soon as enough have come for it to begin, steps that lead to nothing else are cancelled. */
  cancelsLosers?(config: Draft<C>): boolean
  /** What only one node of a flow may claim, such as `POST orders/new`; two that claim the same are a problem. */
  addresses?(config: Draft<C>): string[]
  /**
   * Problems that the config schema cannot say; paths are relative to the node's config. `nowMs` is given where what is over
   * counts as wrong: while a flow is drawn and published, not when it runs.
   */
  check?(config: C, node: FlowNode, document: FlowDocument, nowMs?: number): Problem[]
  /** JSON Schema of what the step yields, where it can be known; drives completion. */
  outputSchema?(config: Draft<C>): JsonObject | undefined
}

/** The registry that pure code is given; nodes/definitions.ts makes the real one. */
export interface Kinds {
  get(kind: string): KindDefinition | undefined
  all(): readonly KindDefinition[]
}

export function defineKind<C extends JsonObject>(definition: KindDefinition<C>): KindDefinition<C> {
  return definition
}

export function kindsOf(definitions: readonly KindDefinition[]): Kinds {
  const byName = new Map(definitions.map((definition) => [definition.kind, definition]))
  return { get: (kind) => byName.get(kind), all: () => definitions }
}

export const donePort: Port = { name: 'done', label: 'done' }
export const errorPort: Port = { name: 'error', label: 'error' }

/** All ports that edges of this node may use: the kind's own, and `error` when errors are routed. */
export function portsOf(definition: KindDefinition, node: FlowNode): Port[] {
  const own = definition.ports(node.config)
  return node.onError === 'route' && canFail(definition) ? [...own, errorPort] : own
}

/** Triggers and terminals have no error route. */
export function canFail(definition: KindDefinition): boolean {
  return !definition.trigger && !definition.terminal
}

export function effectOf(definition: KindDefinition, config: JsonObject): Effect {
  return typeof definition.effect === 'function' ? definition.effect(config) : definition.effect
}

/** What a step waits for. Deadlines and times are ISO 8601 in UTC. */
export type Wait =
  | { for: 'timer'; until: string }
  | {
      for: 'answer'
      title: string
      message?: string
      schema?: JsonObject
      choices?: string[]
      people?: string[]
      /** Each of the people is sent a mail with a link of their own. */
      mail?: true
      deadline?: string
      /** A turn of a conversation: the next message of the run's thread is the answer. */
      channel?: 'chat'
    }
  | { for: 'event'; name: string; key?: string; deadline?: string }
  | BodyWait
  | RunsWait

/** What happens to the other items when one of them fails: they are given up, or they go on without it. */
export type OnItemError = 'stop' | 'skip' | 'collect'

/** The container's body at work: one pass for each item. `first` is the index of `items[0]`: a later round of a loop, a slice. */
export interface BodyWait {
  for: 'body'
  items: Json[]
  first: number
  /** How many passes may be at work together. */
  atOnce: number
  onItemError: OnItemError
}

/** Runs of their own, `atOnce` of them together: another flow, or slices of this container's body. */
export interface RunsWait {
  for: 'runs'
  calls: RunCall[]
  atOnce: number
  /**
   * What one that does not complete means: the wait is over at once, or it ends when all have ended, however. A step that
   * waits for runs again names those before too: they are not called again.
   */
  onFailure?: 'end' | 'go_on'
}

export type RunCall = { flow: string; version?: 'live' | number; input: Json } | { slice: Slice }

export type Slice = Omit<BodyWait, 'for'>

/** What one pass of a body came to. Passes that were given up because another failed have none. */
export type PassResult = { output: Json } | { error: PassError }

export interface PassError {
  code: string
  message: string
  /** The step inside that failed. */
  step?: string
}

/** What ended a wait, or one of the answers that together will. */
export type Resolution =
  | { by: 'timer'; at: string }
  | { by: 'deadline'; at: string }
  /** `elsewhere`: to a turn of a conversation, but not by a message of it, so that it is still to be written there. */
  | { by: 'answer'; at: string; answer: Json; person?: string; elsewhere?: true }
  | { by: 'event'; at: string; data: Json }
  /**
   * The body has done its work. Not an event: the fold of the history adds it. The results come in the order of the items;
   * with `stop` they end with the one that failed.
   */
  | { by: 'body'; at: string; results: PassResult[] }
  /** One of the runs that a step waits for has ended; `call` is its index in `calls`. */
  | {
      by: 'run'
      at: string
      call: number
      run: string
      status: 'completed' | 'failed' | 'cancelled'
      output: Json
      error?: { code: string; message: string; step?: string }
    }

export interface Usage {
  inputTokens: number
  outputTokens: number
  model?: string
  /** US dollars, by the price of that moment; absent when nobody knows it. */
  cost?: number
}

/** How the end of a run steers the talk that it is part of. */
export interface Steering {
  /** How it stands, in a word. */
  status?: string
  /** What to say or do now. */
  guidance?: string
  /** The name of what should come next. */
  next?: string
}

/** What a step may do next: a closed set. The engine switches on this and never on a kind. */
export type Outcome =
  | {
      type: 'done'
      /** One live port, or several at once (parallel). */
      port: string | string[]
      output: Json
      /** Shallow patch of the shared state. */
      state?: JsonObject
      usage?: Usage
      score?: number
    }
  | { type: 'wait'; wait: Wait }
  /**
   * The body once for each item. `inline`: in this run; `spread`: in runs of their own, which other workers take up.
   * `first` is the index of `items[0]`. The kind's `resume` is called when the last pass has ended.
   */
  | {
      type: 'each'
      items: Json[]
      first?: number
      atOnce: number
      onItemError: OnItemError
      mode: 'inline' | 'spread'
    }
  /** Another flow as a run of its own. The kind's `resume` is called when that has ended. */
  | { type: 'call'; flow: string; version?: 'live' | number; input: Json }
  /** Another round of this very step, at once. */
  | { type: 'repeat'; output: Json }
  /**
   * A new round of `to` and all that follows it, at most `atMost` times. Then the step goes on by the port `exceeded` if a
   * line leaves there, else it fails.
   */
  | { type: 'jump'; to: string; atMost: number; output: Json; exceeded?: string }
  | {
      type: 'end'
      status: 'completed' | 'failed'
      output: Json
      httpStatus?: number
      steering?: Steering
      error?: { code: string; message: string }
    }

/** The one error that a step throws on purpose. */
export class StepError extends Error {
  override readonly name = 'StepError'
  readonly retryable: boolean
  readonly details: Json | undefined
  /** What it used nevertheless. */
  readonly usage: Usage | undefined
  constructor(
    readonly code: string,
    message: string,
    options: { retryable?: boolean; details?: Json; usage?: Usage; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.retryable = options.retryable ?? false
    this.details = options.details
    this.usage = options.usage
  }
}
