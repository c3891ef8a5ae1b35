import { evaluateExpression, resolveText } from '@/flow/expression/evaluate'
import type { JsonObject } from '@/flow/json'

export interface PreviewQuestion {
  id: number
  source: string
  form: 'text' | 'expression'
  root: JsonObject
}

export interface PreviewAnswer {
  id: number
  ok: boolean
  text: string
}

addEventListener('message', (event: MessageEvent<PreviewQuestion>) => {
  const { id, source, form, root } = event.data
  const value = form === 'text' ? resolveText(source, root) : evaluateExpression(source, root)
  value.then(
    (result) => answer({ id, ok: true, text: typeof result === 'string' ? result : JSON.stringify(result) }),
    (error: unknown) =>
      answer({ id, ok: false, text: error instanceof Error ? error.message : String(error) }),
  )
})

function answer(message: PreviewAnswer): void {
  postMessage(message)
}
