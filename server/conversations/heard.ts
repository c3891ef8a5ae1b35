import type { JsonObject } from '@/flow/json'
import { askingAfter, type OpenAsk } from '@/flow/run/asking'
import type { RunEvent } from '@/flow/run/event'
import { answerText } from './answer'
import { replyText } from './reply-text'

/** What a stretch of a run's history means for its conversation. */
export interface News {
  asks: readonly OpenAsk[]
  /** The run has not ended. */
  going: boolean
  /** In order; what the user said is an answer that was given elsewhere. */
  spoken: { event: number; role: 'user' | 'assistant'; text: string; result: JsonObject | null }[]
  /** What was put into the shared state. */
  patch: JsonObject
  /** Number of the last of the events; 0 without any. */
  lastSeq: number
}

const failed = 'Something went wrong, and this could not be answered. Please try again.'
const stopped = 'This conversation was stopped. Write again to begin anew.'

/**
 * Folds the events after those that are known already. `heard` is what the user said last: a run that yields just that says
 * nothing.
 */
export function newsOf(
  before: { asks: readonly OpenAsk[]; going: boolean },
  events: readonly RunEvent[],
  heard: string | null,
): News {
  const news: News = { ...before, spoken: [], patch: {}, lastSeq: 0 }
  let last = heard
  const say = (event: RunEvent, text: string, result: JsonObject | null) => {
    if (text !== '' || result !== null)
      news.spoken.push({ event: event.seq, role: 'assistant', text, result })
  }
  for (const event of events) {
    news.lastSeq = event.seq
    const asks = askingAfter(news.asks, event)
    const asked = asks.find((ask) => ask.seq === event.seq)
    if (asked) say(event, asked.message ? `${asked.title}\n\n${asked.message}` : asked.title, null)
    news.asks = asks
    switch (event.type) {
      case 'answer_received': {
        const { resolution } = event.data
        if (resolution.by !== 'answer' || !resolution.elsewhere) break
        last = answerText(resolution.answer)
        news.spoken.push({ event: event.seq, role: 'user', text: last, result: null })
        break
      }
      case 'state_changed':
        news.patch = { ...news.patch, ...event.data.patch }
        break
      case 'run_continued':
        news.going = true
        break
      case 'run_completed': {
        news.going = false
        const text = replyText(event.data.output)
        say(event, text === last?.trim() ? '' : text, event.data.steering ? { ...event.data.steering } : null)
        break
      }
      case 'run_failed': {
        news.going = false
        const { code, message, step = null } = event.data.error
        say(event, failed, { error: { code, message, step } })
        break
      }
      case 'run_cancelled':
        news.going = false
        say(event, stopped, { status: 'cancelled' })
    }
  }
  return news
}
