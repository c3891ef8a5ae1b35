import { useEffect, useState } from 'react'
import type { JsonObject } from '@/flow/json'
import type { PreviewAnswer, PreviewQuestion } from './preview.worker'

export interface Preview {
  ok: boolean
  text: string
}

/** How long an expression may think in the browser before its worker is ended. */
const limitMs = 1_000
const longest = 400

let worker: Worker | null = null
let asked = 0

/**
 * What the source gives on the sample root; null while there is nothing to say. It is worked out in a worker that is
 * ended when it takes too long, so a loop typed by hand never stops the page.
 */
export function useValuePreview(
  source: string,
  form: 'text' | 'expression',
  root: JsonObject,
): Preview | null {
  const [preview, setPreview] = useState<{ of: string; value: Preview } | null>(null)
  const isWorthwhile = form === 'expression' ? source.trim() !== '' : source.includes('${')

  useEffect(() => {
    if (!isWorthwhile) return
    let isCurrent = true
    const timer = setTimeout(() => {
      void ask({ source, form, root }).then((value) => {
        if (isCurrent && value) setPreview({ of: source, value })
      })
    }, 150)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [source, form, root, isWorthwhile])

  return isWorthwhile && preview?.of === source ? preview.value : null
}

function ask(question: Omit<PreviewQuestion, 'id'>): Promise<Preview | null> {
  const id = ++asked
  worker ??= new Worker(new URL('./preview.worker.ts', import.meta.url), { type: 'module' })
  const current = worker
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      finish({ ok: false, text: 'This takes too long to work out here.' })
      current.terminate()
      if (worker === current) worker = null
    }, limitMs)
    const listen = (event: MessageEvent<PreviewAnswer>) => {
      if (event.data.id === id) finish({ ok: event.data.ok, text: event.data.text.slice(0, longest) })
    }
    const finish = (value: Preview) => {
      clearTimeout(timer)
      current.removeEventListener('message', listen)
      resolve(value)
    }
    current.addEventListener('message', listen)
    current.postMessage({ id, ...question } satisfies PreviewQuestion)
  })
}
