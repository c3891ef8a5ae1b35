import type { FlowDocument, FlowNode } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import { definitions } from '@/nodes/definitions'
import type { ModelTool } from '@/nodes/step'

/** What a start of a flow offers to a model: a function that runs the flow from there. */
export interface FlowTool extends ModelTool {
  flow: string
  /** The start that a call begins at. */
  node: string
  /** Something follows it, so that a call does something. */
  hasFunction: boolean
  /** JSON Schema of what the run takes; null: anything. */
  input: JsonObject | null
  /** The input is no object, so the function takes it as its one parameter of this name. */
  wrappedAs: string | null
  /** What an assistant is told when the flow is on. */
  instruction: string
}

const wrapper = 'input'

/** The tools of a flow, in the order of its document: one for each start that is not disabled. */
export function toolsOf(document: FlowDocument): FlowTool[] {
  const starts = document.nodes.filter((node) => node.kind === definitions.start.kind && !node.disabled)
  const led = new Set<string>(document.edges.map((edge) => edge.from))
  return starts.map((node) =>
    toolOf(document, node, { isOnly: starts.length === 1, isLed: led.has(node.id) }),
  )
}

function toolOf(
  document: FlowDocument,
  node: FlowNode,
  { isOnly, isLed }: { isOnly: boolean; isLed: boolean },
): FlowTool {
  const parsed = definitions.start.config.safeParse(node.config)
  const { tool, purpose = '', instruction = '', takes } = parsed.success ? parsed.data : {}
  const input = takes ?? document.input ?? null
  const isObject = input === null || (input.type ?? 'object') === 'object'
  return {
    flow: document.id,
    node: node.id,
    name: tool ?? (isOnly ? document.id : node.id),
    description: purpose.trim() || (isOnly ? describedFlow(document) : node.name.trim() || node.id),
    parameters: isObject ? objectSchema(input ?? {}) : objectSchema(wrapped(input)),
    hasFunction: isLed,
    input,
    wrappedAs: isObject ? null : wrapper,
    instruction: instruction.trim(),
  }
}

const describedFlow = ({ id, name, description }: FlowDocument) => description.trim() || name.trim() || id

/** As providers want it: with `type` and `properties`, without the dialect. */
function objectSchema({ $schema: _, ...schema }: JsonObject): JsonObject {
  return { ...schema, type: 'object', properties: schema.properties ?? {} }
}

const wrapped = (input: JsonObject): JsonObject => ({ properties: { [wrapper]: input }, required: [wrapper] })

/** What the run of a call takes. */
export function inputOfCall(tool: FlowTool, given: JsonObject): JsonObject[string] {
  return tool.wrappedAs === null ? given : (given[tool.wrappedAs] ?? null)
}

/** How many tools a flow offers, and how many of them do something. The names of the members are those of the outside contract. */
export function countTools(document: FlowDocument): { tool_count: number; function_count: number } {
  const tools = toolsOf(document)
  return { tool_count: tools.length, function_count: tools.filter((tool) => tool.hasFunction).length }
}
