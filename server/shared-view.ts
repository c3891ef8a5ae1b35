import { z } from 'zod'
import type { FlowDocument, FlowNode } from '@/flow/document'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import { parseEvent, type RunEvent } from '@/flow/run/event'
import { definitions, kinds } from '@/nodes/definitions'

const hidden = '•••'

/** Headers whose literal values tell nothing. */
const harmlessNames = new Set(['accept', 'accept-language', 'content-type', 'user-agent'])

/**
 * The document as people without an account may see it: what is written into secret fields is covered
 * (names of stored secrets stay, they are no secret), pinned samples are taken out, and the address of a webhook that
 * anyone may call is covered too, because knowing it is the right to call it.
 */
export function maskDocument(document: FlowDocument): FlowDocument {
  return { ...document, extensions: undefined, nodes: document.nodes.map(maskNode) }
}

function maskNode({ sample: _, ...node }: FlowNode): FlowNode {
  const definition = kinds.get(node.kind)
  if (!definition) return { ...node, config: {} }
  const config = maskValue(schemaOf(node.kind), node.config, false)
  const masked = { ...node, config: isObject(config) ? config : {} }
  const isOpenHook = node.kind === definitions.webhook.kind && node.config.auth === undefined
  return isOpenHook ? { ...masked, config: { ...masked.config, path: hidden } } : masked
}

/** The parts of JSON Schema that tell where a value's members are described. */
interface Description {
  secret?: boolean
  properties?: { [name: string]: Description }
  additionalProperties?: Description | boolean
  items?: Description
  anyOf?: Description[]
  oneOf?: Description[]
}

const schemas = new Map<string, Description>()

function schemaOf(kind: string): Description {
  const known = schemas.get(kind)
  if (known) return known
  const definition = kinds.get(kind)
  const schema = definition
    ? (z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any' }) as Description)
    : {}
  schemas.set(kind, schema)
  return schema
}

function maskValue(schema: Description, value: Json, isSecret: boolean, name = ''): Json {
  const secret = isSecret || schema.secret === true
  if (typeof value === 'string')
    return secret && isLiteral(value) && !harmlessNames.has(name) ? hidden : value
  if (Array.isArray(value)) return value.map((item) => maskValue(schema.items ?? {}, item, secret))
  if (value === null || typeof value !== 'object') return value
  const masked: JsonObject = {}
  for (const [key, member] of Object.entries(value)) {
    masked[key] = maskValue(memberOf(schema, key), member, secret, key.toLowerCase())
  }
  return masked
}

function memberOf(schema: Description, key: string): Description {
  const rest = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
  const own = schema.properties?.[key] ?? rest
  if (own) return own
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((variant) => memberOf(variant, key))
  // Which variant it is does not matter: what is secret in one is covered in all.
  return variants.find((variant) => variant.secret) ?? variants[0] ?? {}
}

const isLiteral = (text: string) => text !== '' && !text.includes('${')

/** The history without what would let a stranger act (wait tokens) and without who did what. */
export function maskEvents(events: readonly RunEvent[]): RunEvent[] {
  const people = new Set<Json>()
  for (const event of events) {
    if (event.type === 'run_started' && event.data.user) people.add(event.data.user)
    if (event.type === 'answer_received' && event.data.resolution.by === 'answer') {
      people.add(event.data.resolution.person ?? null)
    }
  }
  people.delete(null)
  return events.map((event) => parseEvent(withoutPeople(maskEvent(event), people)))
}

/** A step may have put who answered into its output. */
function withoutPeople(value: unknown, people: ReadonlySet<unknown>): unknown {
  if (people.size === 0) return value
  if (people.has(value)) return hidden
  if (Array.isArray(value)) return value.map((item) => withoutPeople(item, people))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutPeople(member, people)]),
  )
}

function maskEvent(event: RunEvent): RunEvent {
  switch (event.type) {
    case 'run_started': {
      const { user: _, thread: ___, mocks: __, ...data } = event.data
      return { ...event, data: { ...data, trigger: maskTrigger(data.trigger) } }
    }
    case 'step_waiting': {
      const { token: _, ...data } = event.data
      return { ...event, data }
    }
    case 'answer_received': {
      const { resolution } = event.data
      if (resolution.by !== 'answer') return event
      const { person: _, ...answer } = resolution
      return { ...event, data: { resolution: answer } }
    }
    case 'run_cancelled': {
      const { by: _, ...data } = event.data
      return { ...event, data }
    }
    case 'run_continued': {
      const { by: _, ...data } = event.data
      return { ...event, data }
    }
    default:
      return event
  }
}

/** A webhook's headers tell about the caller, not about the flow; who knows a thread may go on with it. */
function maskTrigger(trigger: Json): Json {
  if (isObject(trigger) && 'thread' in trigger) return { ...trigger, thread: null }
  return isObject(trigger) && isObject(trigger.headers) ? { ...trigger, headers: {} } : trigger
}
