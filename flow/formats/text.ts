import type { FlowDocument } from '../document'
import { formatDurationMs } from '../duration'
import { graphOf, type Graph } from '../graph'
import { errorPort, type Kinds } from '../kind'
import { mergesOf } from '../regions'
import type { RunState } from '../run/state'
import { countWords, runMarksOf, type RunMarks } from './run-marks'

/**
 * A flow as an outline for people: one line for each step, branches and insides of containers indented, going on at the
 * outer level where branches come together. With a run each line says order, status, duration, rounds and retries.
 */
export function printText(document: FlowDocument, kinds: Kinds, run?: RunState): string {
  const graph = graphOf(document, kinds)
  const head = oneLine(document.name) ? `${oneLine(document.name)} (${document.id})` : document.id
  const outline = new Outline(graph, run && runMarksOf(run))
  return `${[head, ...(run ? [runLine(run)] : []), '', ...outline.lines()].join('\n')}\n`
}

function runLine(run: RunState): string {
  const duration =
    run.startedAt && run.endedAt
      ? ` in ${formatDurationMs(Date.parse(run.endedAt) - Date.parse(run.startedAt))}`
      : ''
  const error = run.error ? `: ${run.error.code}: ${oneLine(run.error.message)}` : ''
  return `Run ${run.number}: ${run.status}${duration}${error}`
}

/** A way out of a node: to whom, and how it is called when there are several. */
interface Branch {
  label: string
  to: string
}

class Outline {
  private readonly merges: ReadonlyMap<string, string | null>
  private readonly printed = new Set<string>()
  private readonly text: string[] = []

  constructor(
    private readonly graph: Graph,
    private readonly marks: RunMarks | undefined,
  ) {
    this.merges = mergesOf(graph)
  }

  lines(): string[] {
    this.body(null, 0)
    // What is left stands in circles, or inside of what is not there.
    for (const { id } of this.graph.document.nodes) if (!this.printed.has(id)) this.chain(id, null, 0, true)
    return this.text
  }

  private body(container: string | null, depth: number): void {
    for (const id of this.graph.entriesOf(container)) this.chain(id, null, depth)
  }

  /** A node and what follows it, up to the node where an outer level goes on. */
  private chain(first: string, stop: string | null, depth: number, isForced = false): void {
    let isLed = isForced
    for (let at: string | null = first; at !== null && at !== stop;) {
      const isDue = isLed || this.graph.incoming(at).every((edge) => this.printed.has(edge.from))
      isLed = false
      if (this.printed.has(at) || !isDue) {
        this.line(depth, `↪ ${this.name(at)}`)
        return
      }
      this.printed.add(at)
      this.line(depth, this.describe(at))
      this.insides(at, depth)
      at = this.after(at, stop, depth)
    }
  }

  private insides(id: string, depth: number): void {
    if (this.graph.bodyOf(id).length === 0) return
    this.line(depth + 1, 'Inside →')
    this.body(id, depth + 2)
  }

  /** Prints the branches of a node, and gives the node to go on with at the same level. */
  private after(id: string, stop: string | null, depth: number): string | null {
    const branches = branchesOf(this.graph, id)
    const plain = branches.filter((branch) => branch.label === '')
    const merge = branches.length > 1 ? (this.merges.get(id) ?? null) : null
    const end = merge ?? stop
    // Of a way on and one for errors, the way on stays at this level.
    const main = plain.length === 1 ? plain[0] : undefined
    branches
      .filter((branch) => branch !== main)
      .forEach(({ label, to }, index) => {
        const word = label === '' ? `Branch ${index + 1}` : label
        if (to === end) return this.line(depth + 1, `${word} → ↪ ${this.name(to)}`)
        this.line(depth + 1, `${word} →`)
        this.chain(to, end, depth + 2)
      })
    return main ? main.to : merge
  }

  private describe(id: string): string {
    const node = this.graph.node(id)
    const title = node?.name ? `${oneLine(node.name)} (${id})` : id
    const off = node?.disabled ? ' (off)' : ''
    return `${title} [${node?.kind ?? ''}]${off}${this.mark(id)}`
  }

  private mark(id: string): string {
    const mark = this.marks?.node(id)
    if (!mark) return ''
    const words = [
      `${mark.order > 0 ? `#${mark.order} ` : ''}${mark.status}`,
      ...(mark.durationMs === undefined || mark.status === 'skipped'
        ? []
        : [formatDurationMs(mark.durationMs)]),
      ...countWords(mark),
      ...(mark.error ? [`${mark.error.code}: ${oneLine(mark.error.message)}`] : []),
    ]
    return ` — ${words.join(', ')}`
  }

  private name(id: string): string {
    return oneLine(this.graph.node(id)?.name ?? '') || id
  }

  private line(depth: number, text: string): void {
    this.text.push(`${'  '.repeat(depth)}${text}`)
  }
}

/** In the order of the node's ports; without a label where the node has but one way out. */
function branchesOf(graph: Graph, id: string): Branch[] {
  const node = graph.node(id)
  const ports = (node && graph.definition(id)?.ports(node.config)) ?? []
  const rank = (port: string) => {
    const place = ports.findIndex((each) => each.name === port)
    return place < 0 ? ports.length : place
  }
  const edges = [...graph.outgoing(id)].sort((one, other) => rank(one.port) - rank(other.port))
  return edges.map(({ port, to }) => {
    const isOnly = ports.length === 1 && ports[0]?.name === port
    return { to, label: isOnly ? '' : labelOf(ports.find((each) => each.name === port)?.label ?? port, port) }
  })
}

function labelOf(label: string, port: string): string {
  if (port === 'true' || port === 'false' || port === errorPort.name)
    return `${port.slice(0, 1).toUpperCase()}${port.slice(1)}`
  return label
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
