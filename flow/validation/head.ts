import { documentLimits, documentSchema, type FlowDocument } from '../document'
import { checkExpression } from '../expression/check'
import { parseTemplate } from '../expression/template'
import type { Graph } from '../graph'
import { isObject } from '../json'
import type { Problem } from '../problem'
import { shapeProblems } from '../shape'

/** The document without what has checks of its own. */
const headSchema = documentSchema.omit({ nodes: true, edges: true, notes: true })
const listsSchema = documentSchema.pick({ edges: true, notes: true })

/**
 * Why a value is no document at all, so that nothing further can be asked of it; null when it is one, be it with
 * mistakes inside. What comes from outside has been parsed before; this keeps the promise never to throw.
 */
export function skeletonProblems(value: unknown): Problem[] | null {
  const isList = (list: unknown, test: (item: unknown) => boolean) => Array.isArray(list) && list.every(test)
  const isSound =
    isObject(value) &&
    isList(value.nodes, isNodeLike) &&
    isList(value.edges, isEdgeLike) &&
    isList(value.notes, (note) => isObject(note) && typeof note.id === 'string') &&
    isObject(value.settings)
  return isSound ? null : shapeProblems(documentSchema, value, { path: [] })
}

function isNodeLike(node: unknown): boolean {
  return (
    isObject(node) &&
    typeof node.id === 'string' &&
    typeof node.kind === 'string' &&
    isObject(node.config) &&
    (node.parent === undefined || typeof node.parent === 'string')
  )
}

function isEdgeLike(edge: unknown): boolean {
  return isObject(edge) && [edge.from, edge.port, edge.to].every((part) => typeof part === 'string')
}

/** Problems of the document itself: its fields, its size, ids that are there twice. */
export function headProblems(graph: Graph): Problem[] {
  const { nodes, edges, notes, ...head } = graph.document
  const shape = [...shapeProblems(headSchema, head, { path: [] }), ...listProblems(edges, notes)]
  return [...shape, ...countProblems(nodes), ...twice(graph.document), ...settingsProblems(graph)]
}

const soundLists = new WeakSet<object>()

function listProblems(edges: FlowDocument['edges'], notes: FlowDocument['notes']): Problem[] {
  if (soundLists.has(edges) && soundLists.has(notes)) return []
  const problems = shapeProblems(listsSchema, { edges, notes }, { path: [] })
  if (problems.length === 0) soundLists.add(edges).add(notes)
  return problems
}

function countProblems(nodes: FlowDocument['nodes']): Problem[] {
  if (nodes.length <= documentLimits.nodes) return []
  const message = `A flow has at most ${documentLimits.nodes} steps. Move some into a flow of their own.`
  return [{ code: 'too_many_nodes', severity: 'error', path: ['nodes'], message }]
}

function twice({ nodes, notes }: FlowDocument): Problem[] {
  const problems: Problem[] = []
  const seenNodes = new Set<string>()
  nodes.forEach(({ id }, index) => {
    if (seenNodes.has(id)) {
      const message = `Two steps have the id ${id}. Give one of them another.`
      problems.push({
        code: 'duplicate_id',
        severity: 'error',
        node: id,
        path: ['nodes', index, 'id'],
        message,
      })
    }
    seenNodes.add(id)
  })
  const seenNotes = new Set<string>()
  notes.forEach(({ id }, index) => {
    if (seenNotes.has(id)) {
      const message = `Two notes have the id ${id}. Give one of them another.`
      problems.push({ code: 'duplicate_id', severity: 'error', path: ['notes', index, 'id'], message })
    }
    seenNotes.add(id)
  })
  return problems
}

/** Expressions among the settings; they are asked before any step has run. */
function settingsProblems({ document }: Graph): Problem[] {
  const { concurrency, onFailure } = document.settings
  const scope = { nodeIds: new Set<string>(), container: false, afterError: false }
  const at = (path: string[], text: string, source: string, offset: number): Problem[] =>
    checkExpression(source, scope).map(({ code, severity, message, from, to }) => ({
      code,
      severity,
      path: ['settings', ...path],
      message,
      span: { from: from + offset, to: Math.min(to + offset, text.length) },
    }))
  const key = typeof concurrency?.key === 'string' ? concurrency.key : ''
  const notify = typeof onFailure?.notify === 'string' ? onFailure.notify : ''
  return [
    ...(key === '' ? [] : at(['concurrency', 'key'], key, key, 0)),
    ...parseTemplate(notify).flatMap((part) =>
      'text' in part ? [] : at(['onFailure', 'notify'], notify, part.source, part.from),
    ),
  ]
}
