import type { CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete'
import { completionsAt } from '@/flow/expression/complete'
import type { JsonObject } from '@/flow/json'

/** Completion from real values: everywhere in an expression, inside `${ }` in a text. */
export function expressionCompletion(
  form: 'expression' | 'template',
  root: () => JsonObject,
): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString()
    const open = form === 'template' ? openTemplate(text, context.pos) : 0
    if (open === null) return null
    const close = form === 'template' ? text.indexOf('}', context.pos) : text.length
    const source = text.slice(open, close === -1 ? context.pos : close)
    const found = completionsAt(source, context.pos - open, root())
    const first = found[0]
    if (
      !first ||
      (!context.explicit && first.from + open === context.pos && !/[.({$]$/.test(text.slice(0, context.pos)))
    )
      return null
    return {
      from: first.from + open,
      options: found.map(({ label, detail }) => ({ label, detail })),
      validFor: /^[\w$]*$/,
    }
  }
}

/** Where the expression around the cursor begins; null outside of templates. */
function openTemplate(text: string, position: number): number | null {
  const before = text.slice(0, position)
  const open = before.lastIndexOf('${')
  if (open === -1 || before[open - 1] === '$' || before.indexOf('}', open) !== -1) return null
  return open + 2
}
