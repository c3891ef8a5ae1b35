'use client'

import { useEffect, useRef, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPCClient } from '@/components/api/trpc'
import { finished, heard, type TalkLine, type Turn } from './talk'

interface Failed {
  message: string
  /** What was said, and the lines before it. */
  text: string
  before: readonly TalkLine[]
}

/** A conversation with an assistant that is kept on this page alone. */
export function useTalk(id: string, terms: { userKind: string | undefined; model: string | undefined }) {
  const client = useTRPCClient()
  const [lines, setLines] = useState<readonly TalkLine[]>([])
  const [turns, setTurns] = useState<readonly Turn[]>([])
  const [failed, setFailed] = useState<Failed | null>(null)
  const [spent, setSpent] = useState<{ model: string; tokens: number } | null>(null)
  const [isBusy, setBusy] = useState(false)
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])

  async function say(text: string, before: readonly TalkLine[]) {
    const control = new AbortController()
    stop.current = control
    const asked: Turn[] = [...turns, { role: 'user', text }]
    setLines([...before, { kind: 'user', text }])
    setFailed(null)
    setBusy(true)
    try {
      const spoken = await client.assistants.converse.mutate(
        { id, conversation: { turns: asked, ...terms } },
        { signal: control.signal, context: { isStreamed: true } },
      )
      for await (const one of spoken) {
        if (control.signal.aborted) return
        setLines((now) => heard(now, one))
        if (one.kind !== 'end') continue
        setTurns([...asked, ...one.turns])
        setSpent((so) => ({ model: one.model, tokens: (so?.tokens ?? 0) + one.tokens }))
      }
    } catch (error) {
      if (control.signal.aborted) return
      // Runs that were started stand among the lines until it is tried again.
      setLines(finished)
      setFailed({ message: failureOf(error).message, text, before })
    } finally {
      if (stop.current === control) setBusy(false)
    }
  }

  function clear() {
    stop.current?.abort()
    stop.current = null
    setLines([])
    setTurns([])
    setFailed(null)
    setSpent(null)
    setBusy(false)
  }

  return {
    lines,
    /** Why the newest turn has no answer. */
    failure: failed?.message ?? null,
    spent,
    isBusy,
    say: (text: string) => void say(text, lines),
    tryAgain: () => failed && void say(failed.text, failed.before),
    clear,
  }
}
