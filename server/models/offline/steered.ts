import { isObject, type Json, type JsonObject } from '@/flow/json'
import type { ModelTool, ToolCall } from '@/nodes/step'
import type { Conversation } from './conversation'
import { fillSchema } from './fill'

/**
 * The tool that the newest result names as its `next_action`, with the members of that result as its arguments. One whose
 * status is `waiting` waits for the person: only what they say then is the argument that the result does not have.
 */
export function steeredCall(tools: readonly ModelTool[], conversation: Conversation): ToolCall | undefined {
  const { results, before, said } = conversation
  const newest = results.at(-1)?.result
  if (newest !== undefined) {
    const tool = isWaiting(newest) ? undefined : nextOf(tools, newest)
    const isDone = results.some((each) => each.tool === tool?.name)
    return tool && !isDone ? callOf(tool, newest, conversation) : undefined
  }
  if (before === undefined || !isWaiting(before)) return undefined
  const tool = nextOf(tools, before)
  if (!tool) return undefined
  const shape = isObject(before) && isObject(before.answer_schema) ? before.answer_schema : null
  const answer = shape && shape.type !== 'string' ? fillSchema(shape as JsonObject, '', conversation) : said
  return callOf(tool, before, conversation, answer)
}

const isWaiting = (result: Json) => isObject(result) && result.status === 'waiting'

function nextOf(tools: readonly ModelTool[], result: Json): ModelTool | undefined {
  return isObject(result) ? tools.find(({ name }) => name === result.next_action) : undefined
}

/** Undefined: something that the tool needs is not known. */
function callOf(
  tool: ModelTool,
  result: Json,
  { calls }: Conversation,
  missing?: Json,
): ToolCall | undefined {
  const known = isObject(result) ? (result as JsonObject) : {}
  const { properties, required } = tool.parameters
  const names = isObject(properties) ? Object.keys(properties) : []
  const given: JsonObject = {}
  for (const name of names) {
    const value = known[name] ?? missing
    if (value !== undefined && value !== null) given[name] = value
  }
  const needed = Array.isArray(required) ? required.map(String) : []
  if (needed.some((name) => given[name] === undefined)) return undefined
  return { id: `offline-${calls.length + 1}`, tool: tool.name, arguments: given }
}
