import type pg from 'pg'
import { notify } from '@/db/notify'
import { writeText } from './listen'

/** Tells the other processes what happened here, gathered for a moment; says nothing while there are none. */
export interface Notifier {
  stored(run: string): void
  text(run: string, step: string, chunk: string): void
  /** At once. */
  wake(run: string): Promise<void>
}

const gatherMs = 20
/** A payload may have 7,999 bytes: 200 ids of 36 and their commas fit, and 1,900 characters of 4 bytes. */
const idsPerPayload = 200
const charactersPerPayload = 1_900

export function createNotifier(
  pool: pg.Pool,
  hasOthers: () => boolean,
  onError: (error: unknown) => void,
): Notifier {
  let runs = new Set<string>()
  let texts = new Map<string, { run: string; step: string; text: string }>()
  let timer: NodeJS.Timeout | null = null

  function later(): void {
    timer ??= setTimeout(() => {
      timer = null
      const words = gathered()
      notify(pool, words).catch(onError)
    }, gatherMs)
  }

  function gathered(): { channel: string; payload: string }[] {
    const ids = [...runs]
    const words: { channel: string; payload: string }[] = []
    for (let at = 0; at < ids.length; at += idsPerPayload) {
      words.push({ channel: 'millrace_events', payload: ids.slice(at, at + idsPerPayload).join(',') })
    }
    for (const { run, step, text } of texts.values()) {
      for (let at = 0; at < text.length; at += charactersPerPayload) {
        const payload = writeText(run, step, text.slice(at, at + charactersPerPayload))
        words.push({ channel: 'millrace_text', payload })
      }
    }
    runs = new Set()
    texts = new Map()
    return words
  }

  return {
    stored(run) {
      if (!hasOthers()) return
      runs.add(run)
      later()
    },
    text(run, step, chunk) {
      if (!hasOthers()) return
      const key = `${run} ${step}`
      const before = texts.get(key)
      texts.set(key, { run, step, text: (before?.text ?? '') + chunk })
      later()
    },
    wake: (run) => notify(pool, [{ channel: 'millrace_wake', payload: run }]),
  }
}
