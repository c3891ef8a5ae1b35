import { asText, type Json } from '@/flow/json'
import type { ModelMessage, ModelRequest, ToolCall } from '@/nodes/step'

/** A prompt as rules read it: who said what, and what tools have given since. */
export interface Conversation {
  /** What is to be answered: the newest turn of the other side. */
  said: string
  /** What was asked just before it; empty when nothing was. */
  question: string
  /** What the other side said before, and what stands around the turns. */
  earlier: string
  /** All turns of both sides, oldest first. */
  whole: string
  /** What has been answered so far. */
  answers: readonly string[]
  /** Every tool called in the conversation. */
  calls: readonly ToolCall[]
  /** What tools gave since the other side spoke last. */
  results: readonly { tool: string; result: Json }[]
  /** What the newest tool gave before the other side spoke last. */
  before?: Json
}

/** What is read of a prompt: the rules look at every word several times, on the thread that serves everyone. */
const longestChars = 40_000

export function conversationOf(prompt: ModelRequest['prompt']): Conversation {
  if (typeof prompt !== 'string') return ofTurns(prompt)
  const whole = prompt.slice(0, longestChars)
  const { turns, around } = turnsIn(whole)
  const heard = turns.filter(({ isAnswer }) => !isAnswer).map(({ text }) => text)
  const answers = turns.filter(({ isAnswer }) => isAnswer).map(({ text }) => text)
  if (answers.length === 0 || heard.length === 0) {
    return { said: whole, question: '', earlier: '', whole, answers: [], calls: [], results: [] }
  }
  return {
    said: heard.at(-1) ?? whole,
    question: answers.at(-1) ?? '',
    earlier: [around, ...heard.slice(0, -1)].filter(Boolean).join('\n'),
    whole,
    answers,
    calls: [],
    results: [],
  }
}

function ofTurns(messages: readonly ModelMessage[]): Conversation {
  const lastAt = messages.findLastIndex(({ role }) => role === 'user')
  const answers = messages.filter((each) => each.role === 'assistant')
  const question = messages.slice(0, Math.max(lastAt, 0)).findLast(({ role }) => role === 'assistant')
  const whole = messages.map(saidIn).filter(Boolean).join('\n\n')
  const before = messages.slice(0, Math.max(lastAt, 0)).findLast((each) => each.role === 'tool')
  const last = messages[lastAt]
  return {
    said: (last ? saidIn(last) : whole).slice(0, longestChars),
    question: question ? saidIn(question).slice(0, longestChars) : '',
    earlier: messages
      .slice(0, Math.max(lastAt, 0))
      .filter(({ role }) => role !== 'assistant')
      .map(saidIn)
      .join('\n\n')
      .slice(-longestChars),
    whole: whole.slice(-longestChars),
    answers: answers.map(({ text }) => text),
    calls: answers.flatMap(({ calls = [] }) => [...calls]),
    results: messages
      .slice(lastAt + 1)
      .flatMap((each) => (each.role === 'tool' ? [{ tool: each.tool, result: each.result }] : [])),
    ...(before ? { before: before.result } : {}),
  }
}

function saidIn(message: ModelMessage): string {
  return message.role === 'tool' ? asText(message.result) : message.text
}

const answerLabel = /^(?:assistant|agent|bot|you asked|asked|last question)\s*:\s*/i
const replyLabel = /^(?:user|customer|person|human|they (?:said|answered|wrote)|reply|answered?)\s*:\s*/i

/** Turns written out in a text, each with the lines that follow it, and the lines before them. */
function turnsIn(text: string): { turns: { text: string; isAnswer: boolean }[]; around: string } {
  const turns: { lines: string[]; isAnswer: boolean }[] = []
  const around: string[] = []
  for (const line of text.split('\n')) {
    const label = [answerLabel, replyLabel].find((each) => each.test(line.trim()))
    if (label) turns.push({ lines: [line.trim().replace(label, '')], isAnswer: label === answerLabel })
    else (turns.at(-1)?.lines ?? around).push(line)
  }
  return {
    turns: turns.map(({ lines, isAnswer }) => ({ text: lines.join('\n').trim(), isAnswer })),
    around: around.join('\n').trim(),
  }
}
