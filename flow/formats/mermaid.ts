import type { FlowDocument, FlowEdge, FlowNode } from '../document'
import { formatDurationMs } from '../duration'
import { graphOf, type Graph } from '../graph'
import { errorPort, type Kinds } from '../kind'
import type { StepStatus } from '../run/event'
import type { RunState } from '../run/state'
import { countWords, runMarksOf, type NodeMark, type RunMarks } from './run-marks'

/** Mermaid draws no more than this unless its page says otherwise (`maxEdges`, `maxTextSize`). */
const limits = { edges: 500, chars: 50_000 }

/** Fill, line and ink that read on light and on dark pages. */
const looks: Record<StepStatus, string> = {
  running: 'fill:#dbeafe,stroke:#2563eb,color:#1e3a8a',
  waiting: 'fill:#fef3c7,stroke:#d97706,color:#78350f',
  completed: 'fill:#dcfce7,stroke:#16a34a,color:#14532d',
  failed: 'fill:#fee2e2,stroke:#dc2626,color:#7f1d1d',
  skipped: 'fill:#f4f4f5,stroke:#a1a1aa,color:#71717a,stroke-dasharray:4 3',
  cancelled: 'fill:#f4f4f5,stroke:#71717a,color:#3f3f46',
}
const takenLine = 'stroke:#16a34a,stroke-width:2px'

/**
 * A flow as a Mermaid flowchart; with a run, painted by it. Node ids are `n` and the node's place in the document, for
 * names of ours may be words of Mermaid's. Past Mermaid's limits containers are drawn without their insides.
 */
export function printMermaid(document: FlowDocument, kinds: Kinds, run?: RunState): string {
  const graph = graphOf(document, kinds)
  const marks = run && runMarksOf(run)
  const whole = print(graph, marks, false)
  if (!isTooLarge(whole)) return whole.text
  const hasInsides = document.nodes.some((node) => graph.bodyOf(node.id).length > 0)
  const drawn = hasInsides ? print(graph, marks, true) : whole
  const notes = [
    ...(hasInsides
      ? ['%% The insides of containers are left out: the whole flow is too large for Mermaid.']
      : []),
    ...(isTooLarge(drawn)
      ? [
          `%% Larger than Mermaid draws by itself: set maxEdges above ${drawn.edges} and maxTextSize above ${drawn.text.length + 500}.`,
        ]
      : []),
  ]
  return `${drawn.text}${notes.map((note) => `${note}\n`).join('')}`
}

interface Drawn {
  text: string
  edges: number
}

function isTooLarge({ text, edges }: Drawn): boolean {
  return edges > limits.edges || text.length > limits.chars
}

function print(graph: Graph, marks: RunMarks | undefined, isCollapsed: boolean): Drawn {
  const ids = new Map<string, string>()
  for (const node of graph.document.nodes) if (!ids.has(node.id)) ids.set(node.id, `n${ids.size}`)
  const lines = ['flowchart LR']
  const drawn = new Set<string>()

  const draw = (id: string, indent: string): void => {
    const node = graph.node(id)
    if (!node || drawn.has(id)) return
    drawn.add(id)
    const name = ids.get(id) ?? ''
    const label = labelOf(graph, node, marks?.node(id))
    const body = isCollapsed ? [] : graph.bodyOf(id)
    if (body.length === 0) {
      const [open, close] = brackets(graph, node)
      lines.push(`${indent}${name}${open}"${label}"${close}`)
      return
    }
    lines.push(`${indent}subgraph ${name}["${label}"]`, `${indent}  direction LR`)
    for (const inside of body) draw(inside, `${indent}  `)
    lines.push(`${indent}end`)
  }
  for (const id of graph.bodyOf(null)) draw(id, '  ')
  // A draft may hold nodes whose container is not there, or is inside of them.
  for (const { id, parent } of graph.document.nodes)
    if (!isCollapsed || parent === undefined || !graph.node(parent)) draw(id, '  ')

  const edges = graph.document.edges.filter(({ from, to }) => drawn.has(from) && drawn.has(to))
  for (const edge of edges) lines.push(`  ${edgeText(graph, edge, ids)}`)
  if (marks) lines.push(...paint(marks, edges, drawn, ids))
  return { text: `${lines.join('\n')}\n`, edges: edges.length }
}

function edgeText(graph: Graph, edge: FlowEdge, ids: ReadonlyMap<string, string>): string {
  const label = portLabel(graph, edge)
  const arrow = label === null ? '-->' : `-->|"${escapeLabel(label)}"|`
  return `${ids.get(edge.from)} ${arrow} ${ids.get(edge.to)}`
}

/** Null for the only way out of a node: it says nothing. */
function portLabel(graph: Graph, edge: FlowEdge): string | null {
  const node = graph.node(edge.from)
  const ports = node && graph.definition(edge.from)?.ports(node.config)
  if (edge.port === errorPort.name) return errorPort.label
  if (ports?.length === 1 && ports[0]?.name === edge.port) return null
  return ports?.find((port) => port.name === edge.port)?.label ?? edge.port
}

/** Rounded for what starts a run, a rhombus for what decides between several ways, a box for the rest. */
function brackets(graph: Graph, node: FlowNode): [string, string] {
  const definition = graph.definition(node.id)
  if (definition?.trigger) return ['([', '])']
  const decides = definition?.category === 'logic' && !definition.branchLimit
  return decides && definition.ports(node.config).length > 1 ? ['{', '}'] : ['[', ']']
}

function labelOf(graph: Graph, node: FlowNode, mark: NodeMark | undefined): string {
  const name = node.name || graph.definition(node.id)?.title || node.id
  if (!mark || mark.status === 'skipped') return escapeLabel(name)
  const words = [
    String(mark.order),
    ...(mark.durationMs === undefined ? [] : [formatDurationMs(mark.durationMs)]),
    ...countWords(mark),
  ]
  return escapeLabel(`${name}\n${words.join(', ')}`)
}

function paint(
  marks: RunMarks,
  edges: readonly FlowEdge[],
  drawn: ReadonlySet<string>,
  ids: ReadonlyMap<string, string>,
): string[] {
  const byStatus = new Map<StepStatus, string[]>()
  for (const id of drawn) {
    const status = marks.node(id)?.status
    if (status) byStatus.set(status, [...(byStatus.get(status) ?? []), ids.get(id) ?? ''])
  }
  const taken = edges.flatMap((edge, index) => (marks.isTaken(edge) ? [index] : []))
  return [
    ...[...byStatus.keys()].map((status) => `  classDef ${status} ${looks[status]}`),
    ...[...byStatus].map(([status, names]) => `  class ${names.join(',')} ${status}`),
    ...(taken.length > 0 ? [`  linkStyle ${taken.join(',')} ${takenLine}`] : []),
  ]
}

/**
 * A text as it may stand between quotes: letters, digits, blanks and `_.,+=!?-/` as they are, a new line as `<br/>`, every
 * other character as its number. Numbered too are blanks at the ends of a line, which Mermaid cuts off, and what Markdown
 * takes for a list at the beginning of one (`1.`, `-`, `+`), which Mermaid refuses to draw.
 */
export function escapeLabel(text: string): string {
  if (text === '') return '#160;'
  return text
    .split(/\r\n|\r|\n/)
    .map(escapeLine)
    .join('<br/>')
}

function escapeLine(line: string): string {
  const first = line.length - line.trimStart().length
  const end = line.trimEnd().length
  const list = /^\s*(?:\d+(?=\.)|(?=[-+]))/u.exec(line)?.[0].length
  let escaped = ''
  let at = 0
  for (const character of line) {
    const isCut = at < first || at >= end
    escaped += isCut || at === list || !isPlain(character) ? numbered(character) : character
    at += character.length
  }
  return escaped
}

function isPlain(character: string): boolean {
  return /^[\p{L}\p{Nd} _.,+=!?\-/]$/u.test(character)
}

function numbered(character: string): string {
  return `#${character.codePointAt(0) ?? 0};`
}
