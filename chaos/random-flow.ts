import { documentSchema, type FlowDocument, type FlowDocumentInput } from '@/flow/document'
import { kinds } from '@/nodes/definitions'
import { Random } from './random'

type NodeInput = NonNullable<FlowDocumentInput['nodes']>[number]
type EdgeInput = NonNullable<FlowDocumentInput['edges']>[number]
type Exit = Pick<EdgeInput, 'from' | 'port'>

/** A piece of a graph: entered at its first nodes, left by its exits. */
interface Piece {
  nodes: NodeInput[]
  edges: EdgeInput[]
  entries: string[]
  exits: Exit[]
}

/**
 * A flow grown from a seed: effects, branches, routes for errors, retries, waits, fans that join again, containers and
 * sub-flows, nested. Whatever order its steps come to their end in, it yields the same.
 */
export function randomFlow(id: string, seed: number): FlowDocument[] {
  return new Grower(new Random(seed)).flow(id, 4)
}

const chain = 3

class Grower {
  #count = 0
  #called: FlowDocument[] = []

  constructor(readonly random: Random) {}

  /** The flow, and the ones that it calls. */
  flow(id: string, depth: number): FlowDocument[] {
    const { nodes, edges, entries } = this.#sequence(depth, undefined, id)
    const document = documentSchema.parse({
      millrace: 1,
      id,
      name: id,
      nodes: [{ id: 'start', kind: 'start' }, ...nodes],
      edges: [...entries.map((to) => ({ from: 'start', to })), ...edges],
    })
    return [document, ...this.#called]
  }

  #sequence(depth: number, parent: string | undefined, flow: string): Piece {
    const pieces = Array.from({ length: this.random.between(1, chain) }, () =>
      this.#piece(depth - 1, parent, flow),
    )
    return pieces.reduce((before, after) => ({
      nodes: [...before.nodes, ...after.nodes],
      edges: [
        ...before.edges,
        ...before.exits.flatMap((exit) => after.entries.map((to) => ({ ...exit, to }))),
        ...after.edges,
      ],
      entries: before.entries,
      exits: after.exits,
    }))
  }

  #piece(depth: number, parent: string | undefined, flow: string): Piece {
    const deep = [
      () => this.#branches(depth, parent, flow),
      () => this.#fan(depth, parent, flow),
      ...(kinds.get('for_each') ? [() => this.#forEach(depth, parent, flow)] : []),
      ...(kinds.get('loop') ? [() => this.#loop(depth, parent, flow)] : []),
      ...(kinds.get('call_flow') ? [() => this.#call(depth, parent, flow)] : []),
    ]
    const flat = [
      () => this.#effect(parent),
      () => this.#effect(parent),
      () => this.#retried(parent),
      () => this.#routed(parent),
      () => this.#once(parent),
      () => this.#plain(parent),
      () => this.#wait(parent),
    ]
    const from = depth > 0 ? [...deep, ...flat] : flat
    return (from[this.random.between(0, from.length - 1)] ?? this.#effect.bind(this, parent))()
  }

  #id(word: string): string {
    return `${word}_${++this.#count}`
  }

  #single(node: NodeInput, parent: string | undefined, exits: Exit[] = [{ from: node.id }]): Piece {
    return {
      nodes: [parent === undefined ? node : { ...node, parent }],
      edges: [],
      entries: [node.id],
      exits,
    }
  }

  /** Inside a container its address tells the item, so that what it yields does too. */
  #http(word: string, query: string, parent: string | undefined, more: Partial<NodeInput> = {}): NodeInput {
    const id = this.#id(word)
    const place = parent === undefined ? id : `${id}/\${ index }`
    const url = `http://ledger.test/${place}?ms=${this.random.between(0, 80)}${query}`
    const method = word === 'post' ? 'POST' : 'PUT'
    return { id, kind: 'http_request', config: { method, url }, ...more }
  }

  #effect(parent: string | undefined): Piece {
    return this.#single(this.#http('put', '', parent), parent)
  }

  #retried(parent: string | undefined): Piece {
    const retry = { maxAttempts: 4, interval: 'PT0.02S' }
    return this.#single(
      this.#http('retried', `&failing=${this.random.between(1, 2)}`, parent, { retry }),
      parent,
    )
  }

  #routed(parent: string | undefined): Piece {
    const failing = this.#http('failing', '&status=500', parent, { onError: 'route' })
    const mender = this.#http('mender', '', parent)
    const mended = this.#single(mender, parent)
    return {
      ...this.#single(failing, parent),
      nodes: [...this.#single(failing, parent).nodes, ...mended.nodes],
      edges: [{ from: failing.id, port: 'error', to: mender.id }],
      exits: [{ from: failing.id }, ...mended.exits],
    }
  }

  /** Never done twice, so it may be interrupted: what follows yields the same either way. */
  #once(parent: string | undefined): Piece {
    const post = this.#http('post', '', parent, { onError: 'continue', output: 'posted' })
    const after = this.#plain(parent)
    const piece = this.#single(post, parent)
    return {
      nodes: [...piece.nodes, ...after.nodes],
      edges: after.entries.map((to) => ({ from: post.id, to })),
      entries: piece.entries,
      exits: after.exits,
    }
  }

  #plain(parent: string | undefined): Piece {
    const id = this.#id('plain')
    return this.#single({ id, kind: 'transform', config: { expression: '{"of": 6 * 7}' } }, parent)
  }

  #wait(parent: string | undefined): Piece {
    const seconds = this.random.between(2, 30) / 100
    return this.#single({ id: this.#id('wait'), kind: 'wait', config: { for: `PT${seconds}S` } }, parent)
  }

  #branches(depth: number, parent: string | undefined, flow: string): Piece {
    const id = this.#id('which')
    const expression = this.random.pick(['1 = 1', '1 = 2'])
    const yes = this.#sequence(depth, parent, flow)
    const no = this.#sequence(depth, parent, flow)
    return {
      nodes: [
        ...this.#single({ id, kind: 'condition', config: { expression } }, parent).nodes,
        ...yes.nodes,
        ...no.nodes,
      ],
      edges: [
        ...yes.entries.map((to) => ({ from: id, port: 'true', to })),
        ...no.entries.map((to) => ({ from: id, port: 'false', to })),
        ...yes.edges,
        ...no.edges,
      ],
      entries: [id],
      exits: [...yes.exits, ...no.exits],
    }
  }

  #fan(depth: number, parent: string | undefined, flow: string): Piece {
    const from = this.#plain(parent)
    const branches = Array.from({ length: this.random.between(2, 3) }, () =>
      this.#sequence(depth, parent, flow),
    )
    const join = this.#single({ id: this.#id('join'), kind: 'join' }, parent)
    return {
      nodes: [...from.nodes, ...branches.flatMap((branch) => branch.nodes), ...join.nodes],
      edges: [
        ...branches.flatMap((branch) =>
          from.exits.flatMap((exit) => branch.entries.map((to) => ({ ...exit, to }))),
        ),
        ...branches.flatMap((branch) => branch.edges),
        ...branches.flatMap((branch) =>
          branch.exits.flatMap((exit) => join.entries.map((to) => ({ ...exit, to }))),
        ),
      ],
      entries: from.entries,
      exits: join.exits,
    }
  }

  #forEach(depth: number, parent: string | undefined, flow: string): Piece {
    const id = this.#id('each')
    const count = this.random.between(0, 4)
    const config = {
      items: `[${Array.from({ length: count }, (_, at) => at).join(',')}]`,
      atOnce: this.random.between(1, 3),
      mode: this.random.pick(['inline', 'inline', 'spread']),
    }
    return this.#around({ id, kind: 'for_each', config }, depth, parent, flow)
  }

  #loop(depth: number, parent: string | undefined, flow: string): Piece {
    const config = { until: `index >= ${this.random.between(0, 2)}`, atMost: 10 }
    return this.#around({ id: this.#id('loop'), kind: 'loop', config }, depth, parent, flow)
  }

  #around(container: NodeInput, depth: number, parent: string | undefined, flow: string): Piece {
    const body = this.#sequence(Math.min(depth, 1), container.id, flow)
    const outside = this.#single(container, parent)
    return { ...outside, nodes: [...outside.nodes, ...body.nodes], edges: body.edges }
  }

  #call(depth: number, parent: string | undefined, flow: string): Piece {
    const id = this.#id('call')
    const called = `${flow}_${id}`
    this.#called.push(...this.flow(called, Math.min(depth, 1)).slice(0, 1))
    return this.#single({ id, kind: 'call_flow', config: { flow: called } }, parent)
  }
}
