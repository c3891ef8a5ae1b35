import { isObject, type Json, type JsonObject } from '@/flow/json'
import type { ModelTool, ToolCall } from '@/nodes/step'
import { faultsOf } from '@/flow/json-shape'
import type { Conversation } from './conversation'
import { fillSchema } from './fill'
import { steeredCall } from './steered'
import { summarize, told } from './text'
import { overlap, sentencesOf, stemsOf } from './words'

/** What comes of the tools that are offered: a call, or the question for what a call still lacks. */
export type ToolChoice = { call: ToolCall } | { lacks: string }

/** A tool whose words share less with what was said is not meant. */
const leastScore = 3

/**
 * The tool that what was said asks for, with its arguments found in the conversation; each once a turn. Steps that the
 * instructions number are taken in their order as far as their arguments are known. Undefined: no tool is meant.
 */
export function chooseTool(
  tools: readonly ModelTool[],
  instructions: string,
  conversation: Conversation,
): ToolChoice | undefined {
  const steered = steeredCall(tools, conversation)
  if (steered) return { call: steered }
  const done = new Set(conversation.results.map(({ tool }) => tool))
  const ranked = tools
    .map((tool) => ({ tool, score: fitOf(tool, conversation.said) }))
    .sort((a, b) => b.score - a.score)
  const asked = tools.find(({ name }) => conversation.question.includes(lackOf(name)))
  const meant = ranked[0] && ranked[0].score >= leastScore ? ranked[0].tool : asked
  if (!meant) return undefined
  const planned = stepsOf(instructions, tools)
  const steps = planned.includes(meant) ? planned.slice(0, planned.indexOf(meant) + 1) : [meant]
  let lacks: string | undefined
  for (const tool of steps) {
    if (done.has(tool.name)) continue
    const given = argumentsOf(tool, conversation)
    if ('call' in given) return given
    lacks ??= given.lacks
  }
  return lacks === undefined ? undefined : { lacks }
}

function fitOf(tool: ModelTool, said: string): number {
  const found = new Set(stemsOf(said))
  const name = stemsOf(tool.name.replace(/[-_]/g, ' '))
  const parameters = isObject(tool.parameters.properties) ? Object.keys(tool.parameters.properties) : []
  const description = stemsOf(tool.description).filter((each) => !name.includes(each))
  return (
    3 * overlap(name, found) + overlap(description, found) + 0.5 * overlap(parameters.flatMap(stemsOf), found)
  )
}

/** The tools that the numbered lines of the instructions name, in that order. */
function stepsOf(instructions: string, tools: readonly ModelTool[]): ModelTool[] {
  const lines = instructions.split('\n').filter((line) => /^\s*\d+[.)]/.test(line))
  return lines.flatMap((line) => tools.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(line)))
}

/** So begins the question for what a tool still needs: whoever reads it again knows which tool was meant. */
const lackOf = (tool: string) => `To do ${tool} I need`

const freeText = /^(?:query|question|text|message|prompt|input|request|content|search|q)$/i

function argumentsOf(tool: ModelTool, conversation: Conversation): ToolChoice {
  const required = Array.isArray(tool.parameters.required) ? tool.parameters.required.map(String) : []
  const properties = isObject(tool.parameters.properties) ? tool.parameters.properties : {}
  // Nothing is made up for an argument: what is required and not said is asked for.
  const filled = fillSchema({ ...tool.parameters, required: [] }, '', conversation)
  const given: JsonObject = isObject(filled) ? (filled as JsonObject) : {}
  for (const name of required) {
    if (given[name] !== undefined && given[name] !== '') continue
    const value = freeText.test(name) ? conversation.said : objectOf(tool, conversation.said)
    const property = isObject(properties[name]) ? (properties[name] as JsonObject) : {}
    if (value !== '' && faultsOf(property, value).length === 0) given[name] = value
  }
  const missing = required.filter((name) => given[name] === undefined || given[name] === '')
  if (missing.length > 0) return { lacks: `${lackOf(tool.name)} ${missing.join(', ')}.` }
  return { call: { id: `offline-${conversation.calls.length + 1}`, tool: tool.name, arguments: given } }
}

/** What is to be done to what: quoted, after a colon, or what remains without the words of the tool. */
function objectOf(tool: ModelTool, said: string): string {
  const quoted = /["“”']([^"“”']{2,200})["“”']/.exec(said)?.[1]
  if (quoted) return quoted.trim()
  const after = /:\s*(.+)$/s.exec(said)?.[1]
  if (after) return after.trim().replace(/[.!]+$/, '')
  const own = new Set(stemsOf(`${tool.name.replace(/[-_]/g, ' ')} please`))
  const words = said.trim().split(/\s+/)
  const first = words.findLastIndex((word) => stemsOf(word).some((stem) => own.has(stem)))
  const rest = words.slice(first + 1).join(' ')
  return first < 0
    ? ''
    : rest.replace(/^(?:to|for|the|a|an|of|about|is|as|that)\s+/i, '').replace(/[.!?]+$/, '')
}

/** What results say by themselves, before anything else of them. */
const sayingMember = /^(?:answer|prompt_?guidance|guidance|message|reply|text|summary|result|output)$/i
const mostSentences = 5
const mostPassages = 3

/** What tools gave, told; errors too. */
export function toldResults(results: Conversation['results'], said: string): string {
  return results
    .map(({ tool, result }) => toldResult(tool, result, said))
    .filter(Boolean)
    .join('\n')
}

function toldResult(tool: string, result: Json, said: string): string {
  if (!isObject(result)) return typeof result === 'string' ? result : told(result)
  const members = Object.entries(result) as [string, Json][]
  const error = members.find(([name, value]) => name === 'error' && value !== null && value !== '')?.[1]
  if (error !== undefined) {
    const message = isObject(error) ? String(error.message ?? JSON.stringify(error)) : String(error)
    return `${tool} did not work: ${message}`
  }
  const saying = members.find(
    ([name, value]) => sayingMember.test(name) && typeof value === 'string' && value,
  )
  if (saying) return String(saying[1])
  if (Array.isArray(result.passages)) return toldPassages(result.passages as Json[], said)
  const sentences = sentencesOf(told(result as JsonObject))
  return sentences.slice(0, mostSentences).join('. ')
}

/** What passages of documents say of the question, each with its source. */
function toldPassages(passages: Json[], said: string): string {
  const parts = passages.slice(0, mostPassages).flatMap((each) => {
    if (!isObject(each)) return []
    return [`${summarize(String(each.text ?? ''), said, 1)} [${String(each.source ?? '')}]`]
  })
  return parts.length > 0 ? parts.join(' ') : 'Nothing was found about this.'
}
