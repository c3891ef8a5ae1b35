import { z } from 'zod'
import { isIsoDuration } from './duration'
import { jsonObjectSchema, jsonSchema, type JsonObject } from './json'

/** Limits of one document. Past them saving is refused with 413 (size) or 422 (count). */
export const documentLimits = { bytes: 2 * 1024 * 1024, nodes: 2_000, edges: 8_000 } as const

export const flowIdSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,63}$/,
    'A flow id is a-z, 0-9 and _, starts with a letter, and has at most 64 characters.',
  )
  .brand<'FlowId'>()
export type FlowId = z.infer<typeof flowIdSchema>

export const nodeIdSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
    'A node id is letters, digits and _, starts with a letter, and has at most 64 characters.',
  )
  .brand<'NodeId'>()
export type NodeId = z.infer<typeof nodeIdSchema>

export const durationSchema = z
  .string()
  .refine(isIsoDuration, 'Write a duration as ISO 8601, such as PT30S, PT5M or P2D.')

/** Full-jitter exponential back-off: the n-th retry waits a random part of min(interval × backoffRate^(n-1), maxInterval). */
const retryPolicySchema = z.strictObject({
  /** Attempts in all, the first included. */
  maxAttempts: z.int().min(1).max(100).optional(),
  interval: durationSchema.optional(),
  backoffRate: z.number().min(1).max(10).optional(),
  maxInterval: durationSchema.optional(),
  /** Error codes worth another attempt. Without it: every error but those that must repeat themselves, such as a wrong expression. */
  retryOn: z.array(z.string().min(1)).optional(),
})
export type RetryPolicy = z.infer<typeof retryPolicySchema>

/** Far beyond what anybody draws; numbers that no canvas can draw stay out. */
const coordinateSchema = z.number().min(-1e7).max(1e7)
const pointSchema = z.strictObject({ x: coordinateSchema, y: coordinateSchema })
export type Point = z.infer<typeof pointSchema>
const lengthSchema = z.number().positive().max(1e6)
const sizeSchema = z.strictObject({ width: lengthSchema, height: lengthSchema })

export const joinSchema = z.union([
  z.literal('all'),
  z.literal('any'),
  z.strictObject({ count: z.int().min(1) }),
])

const onErrorSchema = z.enum(['fail', 'continue', 'route'])

export const nodeSchema = z.strictObject({
  id: nodeIdSchema,
  kind: z.string().min(1).max(64),
  name: z.string().max(200).default(''),
  config: jsonObjectSchema.default({}),
  retry: retryPolicySchema.optional(),
  /** Of one attempt. */
  timeout: durationSchema.optional(),
  onError: onErrorSchema.optional(),
  join: joinSchema.optional(),
  /** Shapes what the step yields; the root also has `result`. Strings inside may hold `${ expression }`. */
  output: jsonSchema.optional(),
  /** Patches shared state; sees values as they were when the step began. */
  assign: jsonObjectSchema.optional(),
  disabled: z.boolean().optional(),
  /** Pinned output: test runs use it instead of running the step. Null and absent are the same: not pinned. */
  sample: jsonSchema.optional(),
  /** The container (for_each, loop) that this node is inside of. */
  parent: nodeIdSchema.optional(),
  position: pointSchema.default({ x: 0, y: 0 }),
  size: sizeSchema.optional(),
  /** A container drawn as a plain node, its insides hidden. */
  collapsed: z.boolean().optional(),
  note: z.string().max(20_000).optional(),
})
export type FlowNode = z.infer<typeof nodeSchema>

/** An edge has no id: `from`, `port` and `to` together are its identity. */
export const edgeSchema = z.strictObject({
  from: nodeIdSchema,
  port: z.string().min(1).max(64).default('done'),
  to: nodeIdSchema,
})
export type FlowEdge = z.infer<typeof edgeSchema>

export const noteSchema = z.strictObject({
  id: z.string().min(1).max(64),
  text: z.string().max(20_000).default(''),
  color: z.string().max(32).default('yellow'),
  position: pointSchema.default({ x: 0, y: 0 }),
  size: sizeSchema.optional(),
})
export type FlowNote = z.infer<typeof noteSchema>

export const settingsSchema = z.strictObject({
  /** Of the whole run. */
  timeout: durationSchema.optional(),
  retry: retryPolicySchema.optional(),
  concurrency: z
    .strictObject({
      limit: z.int().min(1).max(10_000),
      key: z.string().optional(),
      whenFull: z.enum(['queue', 'reject', 'replace']).default('queue'),
    })
    .optional(),
  onFailure: z.strictObject({ notify: z.string().optional(), flow: z.string().optional() }).optional(),
})
export type FlowSettings = z.infer<typeof settingsSchema>

/**
 * One flow, whole. This schema checks the shape only: a draft may be wrong and is still saved.
 * `validate` in flow/validate.ts says whether it can run.
 */
export const documentSchema = z.strictObject({
  millrace: z.literal(1),
  id: flowIdSchema,
  name: z.string().max(200).default(''),
  description: z.string().max(20_000).default(''),
  tags: z.array(z.string().min(1).max(64)).max(50).default([]),
  input: jsonObjectSchema.optional(),
  output: jsonObjectSchema.optional(),
  state: jsonObjectSchema.default({}),
  settings: settingsSchema.default({}),
  nodes: z.array(nodeSchema).max(documentLimits.nodes).default([]),
  edges: z.array(edgeSchema).max(documentLimits.edges).default([]),
  notes: z.array(noteSchema).max(1_000).default([]),
  /** What an importer could not place, kept as it came. */
  extensions: jsonObjectSchema.optional(),
})
export type FlowDocument = z.infer<typeof documentSchema>
export type FlowDocumentInput = z.input<typeof documentSchema>

/** The text that names an edge in maps, React keys and events: `from:port>to`. */
export type EdgeKey = `${string}:${string}>${string}`
export function edgeKey(edge: FlowEdge): EdgeKey {
  return `${edge.from}:${edge.port}>${edge.to}`
}

export function nodeOf(document: FlowDocument, id: string): FlowNode | undefined {
  return document.nodes.find((node) => node.id === id)
}

export function emptyDocument(id: FlowId, name: string): FlowDocument {
  return documentSchema.parse({ millrace: 1, id, name } satisfies FlowDocumentInput & { state?: JsonObject })
}
