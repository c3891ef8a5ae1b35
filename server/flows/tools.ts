import type { FlowDocument } from '@/flow/document'
import { definitions } from '@/nodes/definitions'

/**
 * What a flow offers to an assistant: each start trigger is a tool, and what follows it is the tool's function.
 * The names of the members are those of the outside contract.
 */
export function countTools(document: FlowDocument): { tool_count: number; function_count: number } {
  const tools = document.nodes.filter((node) => node.kind === definitions.start.kind && !node.disabled)
  const led = new Set<string>(document.edges.map((edge) => edge.from))
  return { tool_count: tools.length, function_count: tools.filter((tool) => led.has(tool.id)).length }
}
