import { readThreadMemory, type ThreadMemory } from '@/db/thread-memory'
import type { App } from '../app'
import { summarize } from '../models/offline/text'

/** What a program is told of a conversation beside the answer. */
export interface Memory {
  /** What was said so far, in few sentences. */
  summary: string
  /** Tokens that the model which answered holds; 0 when none was asked, or nobody knows. */
  contextTokens: number
}

const sentences = 4
const longest = 600
/** A reply so short says little without its question. */
const shortReply = 60

/** Null: there is no such conversation. */
export async function memoryOf(
  { db, services }: App,
  workspaceId: string,
  thread: string,
): Promise<Memory | null> {
  const memory = await readThreadMemory(db, workspaceId, thread)
  if (!memory) return null
  const { model, summary } = memory
  return {
    summary: summary?.trim() || summaryOf(memory.messages),
    contextTokens: (model === null ? null : await services.models.context(workspaceId, model)) ?? 0,
  }
}

/** What matters most of what was said, by the rules of the offline model: the same conversation has the same summary. */
export function summaryOf(messages: ThreadMemory['messages']): string {
  const said = messages.map(({ role, text }) => ({ role, text: plain(text) }))
  const asked = said.filter(({ role }) => role === 'user')
  const [first] = asked
  if (!first || asked.length === 1) return cut(first?.text ?? '')
  const lines = said.map(({ role, text }, index) => {
    const question = said[index - 1]?.text ?? ''
    const isReply = role === 'user' && text.length <= shortReply && question.endsWith('?')
    return isReply ? `${lastSentence(question).slice(0, -1)}: ${text}` : text
  })
  const newest = asked.at(-1)?.text ?? ''
  return cut(summarize(lines.join('\n'), `${first.text} ${newest}`, sentences))
}

/** Without the marks of Markdown, on one line. */
function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#>|]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function lastSentence(text: string): string {
  return text.split(/(?<=[.!?])\s+/).at(-1) ?? text
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`
}
