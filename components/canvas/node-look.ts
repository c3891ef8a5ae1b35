import type { FlowDocument, FlowNode } from '@/flow/document'
import { donePort, portsOf, type Category, type KindDefinition, type Port } from '@/flow/kind'
import { kinds } from '@/nodes/definitions'

/** Sizes of a drawn node, in canvas pixels. The card's classes in step-node.tsx keep to them. */
export const nodeWidth = 212
export const headHeight = 52
const portRowHeight = 22
const portsPadding = 6
export const portSize = 9
/** Where lines enter and leave a node of one port: the middle of its head. */
export const headCenter = headHeight / 2

/** All that drawing a node needs, derived once per node object. */
export interface NodeLook {
  definition: KindDefinition | undefined
  title: string
  /** What the node is called on screen: its name, or its kind's title. */
  name: string
  category: Category
  summary: string
  ports: readonly Port[]
  hasInput: boolean
  /** With several ports each has a labelled row under the head. */
  labelled: boolean
  width: number
  height: number
}

const looks = new WeakMap<FlowNode, NodeLook>()

export function lookOf(node: FlowNode): NodeLook {
  const known = looks.get(node)
  if (known) return known
  const definition = kinds.get(node.kind)
  const ports = definition ? portsOf(definition, node) : [donePort]
  const labelled = ports.length > 1
  const title = definition?.title ?? node.kind
  const look: NodeLook = {
    definition,
    title,
    name: node.name || title,
    category: definition?.category ?? 'data',
    summary: definition ? definition.summary(node.config) || title : `Unknown kind “${node.kind}”`,
    ports,
    hasInput: !definition?.trigger,
    labelled,
    width: nodeWidth,
    height: labelled ? headHeight + ports.length * portRowHeight + portsPadding : headHeight,
  }
  looks.set(node, look)
  return look
}

/** What a node is called on screen: its name, or its kind's title; of one that is not there, its id. */
export function nodeNameIn(document: FlowDocument | null | undefined, id: string): string {
  const node = document?.nodes.find((each) => each.id === id)
  return node ? lookOf(node).name : id
}

/** Height of a port's centre from the top of its node. */
export function portCenter(look: NodeLook, index: number): number {
  return look.labelled ? headHeight + index * portRowHeight + portRowHeight / 2 : headCenter
}
