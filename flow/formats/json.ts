import { documentLimits, documentSchema, type FlowDocument } from '../document'
import { isObject } from '../json'
import { migrate } from '../migrate'
import type { Problem } from '../problem'
import { shapeProblems } from '../shape'
import { jsonErrorAt } from './json-syntax'

/** Deeper nesting is refused: the parsers of other tools that read our files, and our own, recurse. */
const maxDepth = 100

/**
 * Reads a flow document from JSON text, of this format version or an older one. What it refuses it names by path;
 * it never throws, whatever the text.
 */
export function parseDocument(text: string): { document: FlowDocument } | { problems: Problem[] } {
  const read = readJson(text)
  if ('problem' in read) return { problems: [read.problem] }
  return documentOf(read.value)
}

/** The same for a value that has been read from JSON already. */
export function documentOf(value: unknown): { document: FlowDocument } | { problems: Problem[] } {
  const lifted = migrate(value)
  if ('problem' in lifted) return { problems: [lifted.problem] }
  const parsed = documentSchema.safeParse(lifted.value)
  if (parsed.success) return { document: parsed.data }
  return { problems: shapeProblems(documentSchema, lifted.value, { path: [] }) }
}

/** Parses JSON from strangers: bounded in size and depth, no `__proto__` keys, with line and column of what is wrong. */
export function readJson(
  text: string,
  maxBytes: number = documentLimits.bytes,
): { value: unknown } | { problem: Problem } {
  if (text.length > maxBytes || new TextEncoder().encode(text).length > maxBytes)
    return {
      problem: refusal(
        'document_too_large',
        `This text is larger than the ${megabytes(maxBytes)} that a flow may have. Split the flow, or move large values out of it.`,
      ),
    }
  if (depthOf(text) > maxDepth)
    return {
      problem: refusal(
        'document_too_deep',
        `This JSON is nested more than ${maxDepth} levels deep. Flatten it.`,
      ),
    }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: syntaxProblem(text) }
  }
  const forbidden = forbiddenKey(value, [])
  if (forbidden)
    return {
      problem: {
        ...refusal('forbidden_key', 'The key “__proto__” is not allowed in a flow. Rename it.'),
        path: forbidden,
      },
    }
  return { value }
}

/** A document as JSON text, two blanks deep, with short objects and lists on one line so that diffs read well. */
export function printDocument(document: FlowDocument): string {
  return `${print(inOrder(document), 0)}\n`
}

const lineWidth = 100

function print(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts = Array.isArray(value)
    ? value.map((item) => print(item, depth + 1))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${print(item, depth + 1)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return open + close
  const inline = Array.isArray(value) ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`
  const isFlat = parts.every((part) => !part.includes('\n'))
  if (isFlat && isShallow(value) && inline.length + depth * 2 < lineWidth) return inline
  const indent = '  '.repeat(depth + 1)
  return `${open}\n${parts.map((part) => indent + part).join(',\n')}\n${'  '.repeat(depth)}${close}`
}

/** Holds nothing but scalars and empty things. */
function isShallow(value: object): boolean {
  return Object.values(value).every(
    (item) => typeof item !== 'object' || item === null || Object.keys(item).length === 0,
  )
}

/** Keys of the document, its nodes, edges and notes in the order of the schema, whatever edits did to them. */
function inOrder(document: FlowDocument): unknown {
  const { nodes, edges, notes } = documentSchema.shape
  return {
    ...sorted(document, documentSchema.shape),
    nodes: document.nodes.map((node) => sorted(node, nodes.unwrap().element.shape)),
    edges: document.edges.map((edge) => sorted(edge, edges.unwrap().element.shape)),
    notes: document.notes.map((note) => sorted(note, notes.unwrap().element.shape)),
  }
}

function sorted(value: object, shape: object): object {
  const known: Record<string, unknown> = {}
  for (const key of Object.keys(shape)) known[key] = undefined
  return Object.assign(known, value)
}

function refusal(code: string, message: string): Problem {
  return { code, severity: 'error', path: [], message }
}

function syntaxProblem(text: string): Problem {
  if (text.trim() === '') return refusal('not_json', 'The text is empty. Paste or choose a flow as JSON.')
  const at = jsonErrorAt(text)
  if (at >= text.length)
    return refusal('not_json', 'This is not whole JSON: it ends too early. Copy or export the flow again.')
  const before = text.slice(0, at).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  return {
    ...refusal(
      'not_json',
      `This is not JSON: line ${before.length}, column ${column} cannot be read. Correct it there.`,
    ),
    span: { from: at, to: at + 1 },
  }
}

/** How deep brackets are nested outside of strings, without parsing: a hostile text could overflow a recursive one. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === 92) at++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 91 || code === 123) deepest = Math.max(deepest, ++depth)
    else if (code === 93 || code === 125) depth--
  }
  return deepest
}

function forbiddenKey(value: unknown, path: (string | number)[]): (string | number)[] | null {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = forbiddenKey(item, [...path, index])
      if (found) return found
    }
    return null
  }
  if (!isObject(value)) return null
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') return [...path, key]
    const found = forbiddenKey(item, [...path, key])
    if (found) return found
  }
  return null
}

function megabytes(bytes: number): string {
  return `${Math.round((bytes / 1024 / 1024) * 10) / 10} MiB`
}
