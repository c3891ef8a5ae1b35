import type { FlowNode } from '../document'
import { portsOf, type KindDefinition } from '../kind'

const known = new WeakMap<FlowNode, { definition: KindDefinition; names: readonly string[] | null }>()

/**
 * Names of the ports that edges of a node may use; null when its draft is so broken that the kind cannot tell, which
 * its config's own problems then say.
 */
export function portNamesOf(definition: KindDefinition, node: FlowNode): readonly string[] | null {
  const found = known.get(node)
  if (found?.definition === definition) return found.names
  const names = namesOf(definition, node)
  known.set(node, { definition, names })
  return names
}

function namesOf(definition: KindDefinition, node: FlowNode): readonly string[] | null {
  try {
    return portsOf(definition, node).map((port) => port.name)
  } catch {
    return null
  }
}
