import type { Json } from '@/flow/json'
import { askModel } from '../conversation/ask-model'
import type { ModelMessage, StepContext } from '../step'
import type { Config } from './definition'

/** Messages of the thread that are handed over word for word. */
const recentTurns = 20
/** With a summary: so many word for word, and of so many before them what matters. */
const turnsBesideSummary = 6
const summarizedTurns = 200

export interface Memory {
  /** What was said before, for the instructions; empty when nothing is to be told. */
  summary: string
  turns: ModelMessage[]
}

/** What the agent knows of the conversation so far. Kept as an act, since the conversation goes on meanwhile. */
export async function recall(context: StepContext<Config>): Promise<Memory> {
  const { config, thread, services } = context
  const none: Memory = { summary: '', turns: [] }
  if (config.memory === 'none' || thread === null) return none
  const limit = config.memory === 'thread' ? recentTurns : summarizedTurns
  const recalled = await context.act<Json>(
    { name: 'memory', kind: 'tool', title: 'The conversation so far' },
    async () => ({
      output: (await services.messages(thread, limit)).map(({ role, text }) => ({ role, text })),
    }),
  )
  const said = turnsIn(recalled)
  if (config.memory === 'thread' || said.length <= turnsBesideSummary)
    return { summary: '', turns: begun(said) }
  const before = said.slice(0, -turnsBesideSummary)
  const { text } = await askModel(context, {
    name: 'summary',
    title: 'Summary of what was said before',
    model: config.model?.trim() || undefined,
    system:
      'Summarize this conversation in at most ten short sentences: what the user wants, what was found out, decided and promised. Keep names, numbers and dates.',
    prompt: before.map(({ role, text }) => `${role === 'user' ? 'User' : 'Assistant'}: ${text}`).join('\n'),
    shown: { messages: before.length },
  })
  return { summary: text.trim(), turns: begun(said.slice(-turnsBesideSummary)) }
}

type Turn = Extract<ModelMessage, { text: string }> & { role: 'user' | 'assistant' }

function turnsIn(recalled: Json): Turn[] {
  if (!Array.isArray(recalled)) return []
  return recalled.flatMap((each): Turn[] => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return []
    const { role, text } = each
    if ((role !== 'user' && role !== 'assistant') || typeof text !== 'string' || text === '') return []
    return [{ role, text }]
  })
}

/** Models want the user to have spoken first. */
function begun(turns: Turn[]): Turn[] {
  const first = turns.findIndex(({ role }) => role === 'user')
  return first < 0 ? [] : turns.slice(first)
}
