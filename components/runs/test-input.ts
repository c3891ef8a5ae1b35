import type { FlowDocument } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import type { Json, JsonObject } from '@/flow/json'
import type { Kinds } from '@/flow/kind'
import { blankOf, problemsOf } from './schema-value'

/** What a run of this flow takes: as the flow declares, else as its first trigger gives it; null: anything. */
export function inputSchemaOf(document: FlowDocument, kinds: Kinds): JsonObject | null {
  if (document.input) return document.input
  const graph = graphOf(document, kinds)
  const trigger = graph.triggers()[0]
  if (!trigger) return null
  return graph.definition(trigger.id)?.outputSchema?.(trigger.config) ?? null
}

/** What the test form begins with. */
export function blankInput(schema: JsonObject | null): Json {
  return schema ? blankOf(schema) : {}
}

/** The input with which a flow can be run without asking anything; undefined when something must be filled in. */
export function readyInput(schema: JsonObject | null): Json | undefined {
  const blank = blankInput(schema)
  return schema && problemsOf(schema, blank).length > 0 ? undefined : blank
}
