import type { Graph } from '@/flow/graph'
import { isObject, type Json, type JsonObject } from '@/flow/json'

/** Real values to show under a field and to complete from. */
export interface Known {
  trigger: Json
  state: JsonObject
  /** Outputs by node id. */
  steps: JsonObject
}

/**
 * A root as a node's expressions would see it: what an earlier run yielded, else the pinned sample, else an example of
 * the declared shape. Only steps before the node are in it.
 */
export function sampleRoot(graph: Graph, node: string, known: Known | null): JsonObject {
  const { document } = graph
  const steps: JsonObject = {}
  for (const id of graph.upstream(node)) {
    const output = outputOf(graph, id, known)
    if (output !== undefined) steps[id] = output
  }
  const trigger = known?.trigger ?? exampleOf(document.input) ?? {}
  const before = [...new Set(graph.incoming(node).map((edge) => edge.from))]
  const inputs: JsonObject = {}
  for (const id of before) {
    inputs[id] = graph.definition(id)?.trigger ? trigger : (steps[id] ?? null)
  }
  const [only] = before
  return {
    input: before.length === 0 ? trigger : before.length === 1 && only ? (inputs[only] ?? null) : inputs,
    trigger,
    steps,
    state: { ...document.state, ...known?.state },
    run: { id: '', number: 1, flow: document.id, version: null, trigger: 'manual', steps: {} },
    vars: {},
  }
}

function outputOf(graph: Graph, id: string, known: Known | null): Json | undefined {
  const node = graph.node(id)
  if (!node) return undefined
  if (node.sample !== undefined && node.sample !== null) return node.sample
  if (known && Object.hasOwn(known.steps, id)) return known.steps[id]
  return exampleOf(graph.definition(id)?.outputSchema?.(node.config))
}

/** A value of the shape that a JSON Schema describes: its example, default or first choice, else an empty one. */
export function exampleOf(schema: unknown, depth = 0): Json | undefined {
  if (!isObject(schema) || depth > 6) return undefined
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0] as Json
  if ('default' in schema) return schema.default as Json
  if ('const' in schema) return schema.const as Json
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0] as Json
  if (isObject(schema.properties)) {
    const object: JsonObject = {}
    for (const [key, property] of Object.entries(schema.properties))
      object[key] = exampleOf(property, depth + 1) ?? null
    return object
  }
  switch (schema.type) {
    case 'object':
      return {}
    case 'array': {
      const item = exampleOf(schema.items, depth + 1)
      return item === undefined ? [] : [item]
    }
    case 'string':
      return ''
    case 'integer':
    case 'number':
      return 0
    case 'boolean':
      return false
    default:
      return undefined
  }
}
