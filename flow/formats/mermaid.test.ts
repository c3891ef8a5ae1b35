// @vitest-environment jsdom
import fc from 'fast-check'
import mermaid from 'mermaid'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { documentSchema, type FlowDocumentInput } from '../document'
import { testKinds } from '../fixtures/kinds'
import { play } from '../fixtures/play'
import { escapeLabel, printMermaid } from './mermaid'

const parsedSchema = z.object({
  getVertices: z.function(),
  getEdges: z.function(),
  getSubGraphs: z.function(),
})
const vertexSchema = z.object({
  id: z.string(),
  text: z.string().optional(),
  type: z.string().optional(),
  classes: z.array(z.string()),
})
const edgeSchema = z.object({
  start: z.string(),
  end: z.string(),
  text: z.string(),
  style: z.array(z.string()).optional(),
})
const subgraphSchema = z.object({ id: z.string(), title: z.string(), nodes: z.array(z.string()) })

/** Reads a chart with Mermaid's own parser, its numbered characters made characters again. */
async function readBack(text: string) {
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text)
  parsedSchema.parse(db)
  const flow = db as unknown as Record<'getVertices' | 'getEdges' | 'getSubGraphs', () => Iterable<unknown>>
  return {
    vertices: z.array(z.tuple([z.string(), vertexSchema])).parse([...flow.getVertices()]),
    edges: z.array(edgeSchema).parse([...flow.getEdges()]),
    subgraphs: z.array(subgraphSchema).parse([...flow.getSubGraphs()]),
  }
}

function decoded(text: string): string {
  return text
    .replaceAll('<br/>', '\n')
    .replaceAll('<br>', '\n')
    .replace(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code)))
}

const flow = (input: Omit<FlowDocumentInput, 'millrace' | 'id'>) =>
  documentSchema.parse({ millrace: 1, id: 'f', ...input })

beforeAll(() => mermaid.initialize({ startOnLoad: false }))

describe('a flow as Mermaid', () => {
  it('keeps nodes, shapes, edges and port labels', async () => {
    const document = flow({
      nodes: [
        { id: 'end', kind: 'start', name: 'Begin' },
        { id: 'graph', kind: 'condition', name: 'Is "it" [so]?' },
        { id: 'click', kind: 'effect', name: 'Call; me', onError: 'route' },
        { id: 'style', kind: 'parallel' },
        { id: 'href', kind: 'complete' },
      ],
      edges: [
        { from: 'end', to: 'graph' },
        { from: 'graph', port: 'true', to: 'click' },
        { from: 'graph', port: 'false', to: 'style' },
        { from: 'click', port: 'error', to: 'href' },
      ],
    })
    const chart = await readBack(printMermaid(document, testKinds))
    expect(chart.vertices.map(([id, { text, type }]) => [id, decoded(text ?? ''), type])).toEqual([
      ['n0', 'Begin', 'stadium'],
      ['n1', 'Is "it" [so]?', 'diamond'],
      ['n2', 'Call; me', 'square'],
      ['n3', 'Parallel', 'square'],
      ['n4', 'Complete', 'square'],
    ])
    expect(chart.edges.map(({ start, end, text }) => [start, end, decoded(text)])).toEqual([
      ['n0', 'n1', ''],
      ['n1', 'n2', 'yes'],
      ['n1', 'n3', 'no'],
      ['n2', 'n4', 'error'],
    ])
  })

  it('draws a container around what is inside, and connects it as one', async () => {
    const document = flow({
      nodes: [
        { id: 'start', kind: 'start' },
        { id: 'each', kind: 'each', name: 'For "each"' },
        { id: 'inner', kind: 'each', parent: 'each' },
        { id: 'deep', kind: 'step', parent: 'inner' },
        { id: 'lost', kind: 'step', parent: 'nobody' },
      ],
      edges: [{ from: 'start', to: 'each' }],
    })
    const { subgraphs, edges, vertices } = await readBack(printMermaid(document, testKinds))
    expect(subgraphs.map(({ id, title, nodes }) => [id, decoded(title), nodes])).toEqual([
      ['n2', 'For each', ['n3']],
      ['n1', 'For "each"', ['n2']],
    ])
    expect(edges.map(({ start, end }) => [start, end])).toEqual([['n0', 'n1']])
    expect(vertices.map(([id]) => id).sort()).toEqual(['n0', 'n1', 'n3', 'n4'])
  })

  it('says order and time, and paints statuses and the lines taken', async () => {
    const document = flow({
      nodes: [
        { id: 'start', kind: 'start' },
        { id: 'check', kind: 'condition' },
        { id: 'yes', kind: 'step' },
        { id: 'no', kind: 'step' },
      ],
      edges: [
        { from: 'start', to: 'check' },
        { from: 'check', port: 'true', to: 'yes' },
        { from: 'check', port: 'false', to: 'no' },
      ],
    })
    const { state } = play({ document, kinds: testKinds })
    const { vertices, edges } = await readBack(printMermaid(document, testKinds, state))
    const byId = new Map(vertices)
    expect(byId.get('n0')?.classes).toEqual(['completed'])
    expect(byId.get('n3')?.classes).toEqual(['skipped'])
    expect(decoded(byId.get('n2')?.text ?? '')).toMatch(/^Step\n3/)
    expect(decoded(byId.get('n3')?.text ?? '')).toBe('Step')
    const isPainted = edges.map(({ style = [] }) => style.some((each) => each.startsWith('stroke:')))
    expect(isPainted).toEqual([true, true, false])
  })

  it('reads back the labels of a thousand steps as they were', async () => {
    const label = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(
        'end',
        '"]',
        '`**x**`',
        '%%{init: {}}%%',
        '1. one',
        '- a\n+ b',
        '<script>',
        '#35;',
        'a\r\nb',
        '---',
      ),
    )
    const names = fc.sample(label, { numRuns: 1_000, seed: 11 }).filter((name) => name.length <= 200)
    for (let from = 0; from < names.length; from += 50) {
      const document = flow({
        nodes: names.slice(from, from + 50).map((name, index) => ({ id: `a${index}`, kind: 'step', name })),
      })
      const { vertices } = await readBack(printMermaid(document, testKinds))
      const expected = document.nodes.map(({ name }) => (name || 'Step').replace(/\r\n|\r/g, '\n'))
      expect(vertices.map(([, { text }]) => decoded(text ?? ''))).toEqual(expected)
    }
  }, 60_000)

  it('writes an empty label as a blank, and what Markdown would take for a list as numbers', () => {
    expect(escapeLabel('')).toBe('#160;')
    expect(escapeLabel('1. one\n- two')).toBe('1#46; one<br/>#45; two')
    expect(escapeLabel('v1.2 a-b ')).toBe('v1.2 a-b#32;')
  })

  it('leaves out the insides of containers when the chart would be too large', async () => {
    const inside = Array.from({ length: 520 }, (_, index) => ({
      id: `i${index}`,
      kind: 'step',
      parent: 'each',
    }))
    const document = flow({
      nodes: [{ id: 'start', kind: 'start' }, { id: 'each', kind: 'each' }, ...inside],
      edges: [
        { from: 'start', to: 'each' },
        ...inside.slice(1).map(({ id }, index) => ({ from: `i${index}`, to: id })),
      ],
    })
    const text = printMermaid(document, testKinds)
    expect(text).toContain('%% The insides of containers are left out')
    const { vertices, edges } = await readBack(text)
    expect(vertices.map(([id]) => id)).toEqual(['n0', 'n1'])
    expect(edges).toHaveLength(1)
  })

  it('says which limits to raise when a flow without containers is too large', () => {
    const nodes = Array.from({ length: 502 }, (_, index) => ({ id: `a${index}`, kind: 'step' }))
    const edges = nodes.slice(1).map(({ id }, index) => ({ from: `a${index}`, to: id }))
    expect(printMermaid(flow({ nodes, edges }), testKinds)).toContain('set maxEdges above 501')
  })
})
