import { tokenWords } from '@/components/models/usage-words'
import { formatDurationMs } from '@/flow/duration'
import { isObject } from '@/flow/json'
import type { StepAct } from '@/flow/run/state'

/** The score that an act gave, as an evaluation or a judgement does; undefined for any other. */
export function scoreOfAct({ output }: StepAct): number | undefined {
  const object = isObject(output) && isObject(output.object) ? output.object : null
  return typeof object?.score === 'number' ? object.score : undefined
}

/** The text that a model answered, when that is what it gave. */
export function textOfAct({ kind, output }: StepAct): string | undefined {
  if (kind !== 'model' || !isObject(output) || output.object !== undefined) return undefined
  return typeof output.text === 'string' && output.text.trim() !== '' ? output.text : undefined
}

/** What a tool told instead of a result: it failed, and the agent went on. */
export function toldError({ kind, output }: StepAct): string | undefined {
  const error = kind === 'tool' && isObject(output) && isObject(output.error) ? output.error : null
  return typeof error?.message === 'string' ? error.message : undefined
}

/** `1.2 s · 340 tokens · 62 of 100`: what can be said of it in a line; of one that was not done again, that first. */
export function actFacts(act: StepAct): string {
  const score = scoreOfAct(act)
  return [
    act.isCarried ? 'kept from before' : '',
    act.durationMs === undefined ? '' : formatDurationMs(act.durationMs),
    act.usage ? `${tokenWords(act.usage.inputTokens + act.usage.outputTokens)} tokens` : '',
    score === undefined ? '' : `${score} of 100`,
  ]
    .filter(Boolean)
    .join(' · ')
}
