import type { FlowDocument, FlowNode } from '@/flow/document'
import type { Kinds } from '@/flow/kind'

/**
 * The steps whose text may be shown while it is being written: what they yield is what the run says. Others think aloud, and
 * nobody outside should read that.
 */
export function speakersOf(document: FlowDocument, kinds: Kinds): ReadonlySet<string> {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]))
  const speakers = new Set<string>()
  for (const { id, parent } of document.nodes) {
    const after = document.edges.filter((edge) => edge.from === id)
    const isLast = after.length === 0 && parent === undefined
    if (isLast || after.some((edge) => passesOn(nodes.get(edge.to), id, kinds))) speakers.add(id)
  }
  return speakers
}

/** The node ends the run with, or asks, just what the step before it yields. */
function passesOn(node: FlowNode | undefined, before: string, kinds: Kinds): boolean {
  if (!node) return false
  const definition = kinds.get(node.kind)
  const { output, question } = node.config
  if (definition?.terminal && output === undefined && question === undefined) return true
  const said = [output, question].find((one) => typeof one === 'string')
  if (typeof said !== 'string') return false
  const template = said.replace(/\s/g, '')
  return template === '${input}' || template === `\${steps.${before}}`
}
