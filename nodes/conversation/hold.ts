import { asText, type JsonObject } from '@/flow/json'
import type { Outcome, Resolution, Wait } from '@/flow/kind'
import { anyText } from '../ask/definition'
import { deadlineAfter } from '../deadline'
import type { KindRun, StepContext } from '../step'

/** What a person said to the last turn; or that the time to say something is over. */
type Reply = { said: string } | { isOver: true }

/** A conversation from its first turn to what it comes to: yields what to say, and is handed the reply. */
export type Dialogue = AsyncGenerator<string, Outcome, Reply>

/**
 * A kind that talks with a person. Each time that a message comes, its dialogue is gone through again from the first turn
 * with all that was said; what it asks of models are acts, so nothing is asked twice.
 */
export function talking<C extends JsonObject & { timeout?: string }>(
  dialogue: (context: StepContext<C>) => Dialogue,
): KindRun<C> {
  return {
    run: (context) => hold(dialogue(context), context, []),
    resume: (context, resolutions, wait) => hold(dialogue(context), context, repliesOf(resolutions, wait)),
  }
}

async function hold(
  dialogue: Dialogue,
  { config, now }: StepContext<JsonObject & { timeout?: string }>,
  replies: readonly Reply[],
): Promise<Outcome> {
  let turn = await dialogue.next()
  for (const reply of replies) {
    if (turn.done) break
    turn = await dialogue.next(reply)
  }
  if (turn.done) return turn.value
  const { timeout } = config
  return {
    type: 'wait',
    wait: {
      for: 'answer',
      title: turn.value,
      schema: anyText,
      channel: 'chat',
      ...(timeout ? { deadline: deadlineAfter(now, timeout) } : {}),
    },
  }
}

/** A deadline that passed while the answer before it was still being taken in was that of an earlier turn. */
function repliesOf(resolutions: readonly Resolution[], wait: Wait): Reply[] {
  const deadline = 'deadline' in wait ? wait.deadline : undefined
  return resolutions.flatMap((resolution): Reply[] => {
    if (resolution.by === 'answer') return [{ said: asText(resolution.answer).trim() }]
    const isOver = resolution.by === 'deadline' && deadline !== undefined && resolution.at >= deadline
    return isOver ? [{ isOver: true }] : []
  })
}
