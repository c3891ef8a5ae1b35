import type { CallToolResult } from '@modelcontextprotocol/client'
import { isTooDeep, jsonSchema, type Json } from '@/flow/json'
import { StepError } from '@/flow/kind'

/**
 * What a tool answered: its structured content where it has one; else its text, as JSON when it is an object or a list;
 * else its content part by part. Throws StepError `mcp_tool_failed` when the tool says that it failed.
 */
export function resultOf(result: CallToolResult, tool: string): Json {
  if (result.isError) {
    throw new StepError('mcp_tool_failed', `${tool} failed: ${textOf(result) || 'it does not say why.'}`)
  }
  if (result.structuredContent !== undefined) return asJson(result.structuredContent, tool)
  const content = result.content ?? []
  if (content.every((part) => part.type === 'text')) return readText(textOf(result))
  return asJson(content, tool)
}

function textOf({ content }: CallToolResult): string {
  return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
}

function readText(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    const value: Json = JSON.parse(text)
    return isTooDeep(value) ? text : value
  } catch {
    // Text that only looks like JSON.
    return text
  }
}

function asJson(value: unknown, tool: string): Json {
  const parsed = isTooDeep(value) ? null : jsonSchema.safeParse(value)
  if (parsed?.success) return parsed.data
  throw new StepError('mcp_protocol', `What ${tool} answered is nested too deep, or no JSON.`)
}
