import type { Json, JsonObject } from '@/flow/json'
import type { Outcome, Resolution, Wait } from '@/flow/kind'
import type { KindName } from '../definitions'
import { noon, perform, resume, type Given } from './perform'

/** A step that talks, performed again with all that was said each time that something is. */
export interface Talk {
  begin(): Promise<Outcome>
  say(text: string): Promise<Outcome>
  /** Nobody says anything in time. */
  lapse(): Promise<Outcome>
  /** What the acts gave, by name. */
  acts: Record<string, Json>
  /** What was said to the person. */
  heard: string[]
}

export function talk(kind: KindName, config: JsonObject, given: Given = {}): Talk {
  const acts: Record<string, Json> = {}
  const heard: string[] = []
  const resolutions: Resolution[] = []
  let wait: Wait | null = null
  const take = (outcome: Outcome) => {
    wait = outcome.type === 'wait' ? outcome.wait : null
    if (wait?.for === 'answer') heard.push(wait.title)
    return outcome
  }
  const goOn = async (resolution: Resolution) => {
    if (!wait) throw new Error('It does not wait.')
    resolutions.push(resolution)
    return take(await resume(kind, config, wait, resolutions, { ...given, acts }))
  }
  const at = new Date(noon + 365 * 86_400_000).toISOString()
  return {
    acts,
    heard,
    begin: async () => take((await perform(kind, config, { ...given, acts })).outcome),
    say: (answer) => goOn({ by: 'answer', at, answer, person: 'ana@example.com' }),
    lapse: () => goOn({ by: 'deadline', at }),
  }
}
