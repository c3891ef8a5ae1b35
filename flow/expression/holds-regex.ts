import type { FlowDocument, FlowNode } from '../document'
import type { Kinds } from '../kind'
import { expressionsOf } from './fields'
import { parseTemplate } from './template'
import { tokenize } from './tokens'

const known = new WeakMap<FlowNode, boolean>()

/** Whether any expression of a flow holds a regular expression, so that checking it needs the engine. */
export function holdsRegex(document: FlowDocument, kinds: Kinds): boolean {
  return (
    holdsInSettings(document) ||
    document.nodes.some((node) => {
      const found = known.get(node)
      if (found !== undefined) return found
      const definition = kinds.get(node.kind)
      const holds =
        definition !== undefined && expressionsOf(node, definition).some(({ source }) => hasRegex(source))
      known.set(node, holds)
      return holds
    })
  )
}

function holdsInSettings({ settings: { concurrency, onFailure } }: FlowDocument): boolean {
  const notify = parseTemplate(onFailure?.notify ?? '')
  return hasRegex(concurrency?.key ?? '') || notify.some((part) => !('text' in part) && hasRegex(part.source))
}

function hasRegex(source: string): boolean {
  return source.includes('/') && tokenize(source).tokens.some(({ type }) => type === 'regex')
}
