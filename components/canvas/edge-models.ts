import type { Edge } from '@xyflow/react'
import { edgeKey, type EdgeKey, type FlowDocument, type FlowEdge, type FlowNode } from '@/flow/document'
import { layoutOf } from './layout'
import { lookOf } from './node-look'

export type EdgeModel = Edge<{ edge: FlowEdge; key: EdgeKey; label: string | null }, 'flow'>

interface Kept {
  edge: FlowEdge
  from: FlowNode
  to: FlowNode
  selected: boolean
  near: boolean
  editable: boolean
  model: EdgeModel
}

/** Makes the drawing's edges; an unchanged edge keeps its object. Edges to nowhere are left to the problem list. */
export function createEdgeModels() {
  let kept = new Map<EdgeKey, Kept>()

  return function build(
    document: FlowDocument,
    selection: ReadonlySet<string>,
    editable: boolean,
  ): EdgeModel[] {
    const nodes = new Map<string, FlowNode>(document.nodes.map((node) => [node.id, node]))
    const layout = layoutOf(document)
    const next = new Map<EdgeKey, Kept>()
    const models: EdgeModel[] = []
    for (const edge of document.edges) {
      const from = nodes.get(edge.from)
      const to = nodes.get(edge.to)
      if (!from || !to || !lookOf(to).hasInput) continue
      if (layout.behind(from.id) !== null || layout.behind(to.id) !== null) continue
      const port = lookOf(from).ports.find((each) => each.name === edge.port)
      if (!port) continue
      const key = edgeKey(edge)
      if (next.has(key)) continue
      const selected = selection.has(key)
      const near = selected || selection.has(edge.from) || selection.has(edge.to)
      const before = kept.get(key)
      const same =
        before &&
        before.edge === edge &&
        before.from === from &&
        before.to === to &&
        before.selected === selected &&
        before.near === near &&
        before.editable === editable
      const model = same
        ? before.model
        : edgeModel(key, edge, from, to, edge.port === 'done' ? null : port.label, {
            selected,
            near,
            editable,
          })
      next.set(key, { edge, from, to, selected, near, editable, model })
      models.push(model)
    }
    kept = next
    return models
  }
}

function edgeModel(
  key: EdgeKey,
  edge: FlowEdge,
  from: FlowNode,
  to: FlowNode,
  label: string | null,
  { selected, near, editable }: { selected: boolean; near: boolean; editable: boolean },
): EdgeModel {
  const by = label ? ` by “${label}”` : ''
  return {
    id: key,
    type: 'flow',
    source: edge.from,
    sourceHandle: edge.port,
    target: edge.to,
    targetHandle: 'in',
    data: { edge, key, label },
    selected,
    deletable: false,
    reconnectable: editable,
    interactionWidth: 18,
    ariaLabel: `Line from ${lookOf(from).name}${by} to ${lookOf(to).name}`,
    // Lines are reached by Tab only around the selected step; a thousand tab stops would help nobody.
    domAttributes: { tabIndex: near && editable ? 0 : -1 },
  }
}
