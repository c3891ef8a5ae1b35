import { asText, type Json } from '@/flow/json'
import { keywordsIn } from '@/nodes/classify/keywords'
import type { ModelTool, ScriptedAnswer } from '@/nodes/step'
import type { Conversation } from './conversation'

/** Below it a text may stand in a prompt by chance. */
const tellingChars = 20

/** The first line of a script that fits and has not been played, else the last that fits; undefined: none does. */
export function scriptedAnswer(
  script: readonly ScriptedAnswer[],
  conversation: Conversation,
  tools: readonly ModelTool[],
): { say: Json } | { call: NonNullable<ScriptedAnswer['call']> } | undefined {
  const fitting = script.filter(({ when, call, say }) => {
    if (say === undefined && !tools.some(({ name }) => name === call?.tool)) return false
    return !when?.trim() || keywordsIn(conversation.said, when.split(',')).length > 0
  })
  for (const { call, say } of fitting) {
    if (call && tools.some(({ name }) => name === call.tool) && !wasCalled(call, conversation))
      return { call }
    if (say !== undefined && !wasSaid(say, conversation)) return { say }
  }
  const last = fitting.findLast(({ say }) => say !== undefined)
  return last?.say === undefined ? undefined : { say: last.say }
}

function wasCalled(call: NonNullable<ScriptedAnswer['call']>, { calls }: Conversation): boolean {
  const wanted = JSON.stringify(call.arguments ?? {})
  return calls.some((each) => each.tool === call.tool && JSON.stringify(each.arguments) === wanted)
}

/** In one text without turns, an earlier answer stands somewhere in it. */
function wasSaid(say: Json, { answers, whole }: Conversation): boolean {
  const text = asText(say)
  if (answers.length > 0) return answers.includes(text)
  return text.length >= tellingChars && whole.includes(text)
}
