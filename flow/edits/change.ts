import { edgeKey, type FlowDocument, type FlowEdge, type FlowNode, type FlowNote } from '../document'

/** What differs in one list of a document: items to take out by key, and items to put at an index. */
interface ListChange<T> {
  remove: string[]
  /** In ascending order of index; an item whose key is there already is replaced where it stands. */
  put: { index: number; item: T }[]
  /** All keys in order, when the order of what stays has changed. */
  order?: string[]
}

/** The fields of a document beside its lists. */
type Head = Omit<FlowDocument, 'millrace' | 'nodes' | 'edges' | 'notes'>

/** The difference of two documents, the general form of an edit: what undo applies. */
export interface Change {
  nodes?: ListChange<FlowNode>
  edges?: ListChange<FlowEdge>
  notes?: ListChange<FlowNote>
  head?: Head
}

/** The change that leads from one document to another. Compares items by identity: edits share what they keep. */
export function changeBetween(from: FlowDocument, to: FlowDocument): Change {
  const nodes = listChange(from.nodes, to.nodes, (node) => node.id)
  const edges = listChange(from.edges, to.edges, edgeKey)
  const notes = listChange(from.notes, to.notes, (note) => note.id)
  const before = headOf(from)
  const after = headOf(to)
  const keys = Object.keys({ ...before, ...after })
  const isSameHead = keys.every((key) => Reflect.get(before, key) === Reflect.get(after, key))
  return {
    ...(nodes ? { nodes } : {}),
    ...(edges ? { edges } : {}),
    ...(notes ? { notes } : {}),
    ...(isSameHead ? {} : { head: after }),
  }
}

/** Does what fits: items that are not there are not taken out, an index past the end is the end. */
export function applyChange(document: FlowDocument, change: Change): FlowDocument {
  if (Object.keys(change).length === 0) return document
  const { nodes, edges, notes, head } = change
  return {
    ...(head ? { millrace: document.millrace, ...head } : withoutLists(document)),
    nodes: nodes ? applyList(document.nodes, nodes, (node) => node.id) : document.nodes,
    edges: edges ? applyList(document.edges, edges, edgeKey) : document.edges,
    notes: notes ? applyList(document.notes, notes, (note) => note.id) : document.notes,
  }
}

function withoutLists(document: FlowDocument): Omit<FlowDocument, 'nodes' | 'edges' | 'notes'> {
  const { nodes: _nodes, edges: _edges, notes: _notes, ...rest } = document
  return rest
}

function headOf(document: FlowDocument): Head {
  const { millrace: _millrace, ...rest } = withoutLists(document)
  return rest
}

function listChange<T>(
  from: readonly T[],
  to: readonly T[],
  keyOf: (item: T) => string,
): ListChange<T> | null {
  if (from === to) return null
  const old = new Map(from.map((item) => [keyOf(item), item]))
  const kept = new Set(to.map(keyOf))
  const isWhole = (item: T, index: number) => item === to[index]
  if (from.length === to.length && from.every(isWhole)) return null
  if (old.size < from.length || kept.size < to.length) {
    // A draft may hold a key twice; then only the list as a whole can be told apart from another.
    return { remove: [...old.keys()], put: to.map((item, index) => ({ index, item })) }
  }
  const change: ListChange<T> = { remove: [...old.keys()].filter((key) => !kept.has(key)), put: [] }
  to.forEach((item, index) => {
    if (old.get(keyOf(item)) !== item) change.put.push({ index, item })
  })
  if (!applyList(from, change, keyOf).every(isWhole)) change.order = to.map(keyOf)
  return change
}

function applyList<T>(items: readonly T[], change: ListChange<T>, keyOf: (item: T) => string): T[] {
  const removed = new Set(change.remove)
  const result = items.filter((item) => !removed.has(keyOf(item)))
  const places = new Map(result.map((item, index) => [keyOf(item), index]))
  for (const { item } of change.put) {
    const place = places.get(keyOf(item))
    if (place !== undefined) result[place] = item
  }
  for (const { index, item } of change.put) {
    if (!places.has(keyOf(item))) result.splice(Math.min(index, result.length), 0, item)
  }
  if (!change.order) return result
  const rank = new Map(change.order.map((key, index) => [key, index]))
  return result.sort((a, b) => (rank.get(keyOf(a)) ?? Infinity) - (rank.get(keyOf(b)) ?? Infinity))
}
