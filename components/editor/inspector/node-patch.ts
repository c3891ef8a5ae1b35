import type { FlowNode } from '@/flow/document'
import type { Edit } from '@/flow/edits'

/** Fields of a node to set; undefined takes one away. */
export type NodePatch = Partial<
  Pick<FlowNode, 'retry' | 'timeout' | 'onError' | 'join' | 'output' | 'assign' | 'disabled' | 'note'>
>

/** The edit that a patch means. */
export function patchEdit(node: FlowNode, patch: NodePatch): Edit {
  const names = Object.keys(patch) as (keyof NodePatch)[]
  const unset = names.filter((name) => patch[name] === undefined)
  const set = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
  return { type: 'set_node', node: node.id, set, unset }
}
