import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copySelection, pasteOf, readClipboard } from './clipboard'
import { documentSchema, nodeOf, type FlowDocument } from './document'
import { applyEdit } from './edits/apply'
import { anyFlow } from './fixtures/arbitrary-flow'
import { testKinds } from './fixtures/kinds'
import { printDocument } from './formats/json'
import { fragmentOf } from './fragment'

const document = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'call', kind: 'effect', config: { body: '${ steps.start.id }' }, position: { x: 100, y: 0 } },
    {
      id: 'shape',
      kind: 'step',
      config: { value: '${ steps.call.body & steps.start.id }' },
      position: { x: 200, y: 50 },
    },
    { id: 'each', kind: 'each' },
    { id: 'inner', kind: 'each', parent: 'each' },
    { id: 'deep', kind: 'step', parent: 'inner' },
  ],
  edges: [
    { from: 'start', to: 'call' },
    { from: 'call', to: 'shape' },
    { from: 'shape', to: 'each' },
  ],
  notes: [{ id: 'n1', text: 'hello', position: { x: 100, y: 100 } }],
})
const at = { x: 1_000, y: 1_000 }
const pasted = (into: FlowDocument, text: string) => {
  const fragment = readClipboard(text)
  if (!fragment) throw new Error('This holds no fragment.')
  return applyEdit(into, pasteOf(into, fragment, at, testKinds), testKinds).document
}

describe('copy and paste', { timeout: 60_000 }, () => {
  it('copies the chosen, the lines between them, and what is inside at any depth', () => {
    const fragment = readClipboard(copySelection(document, new Set(['call', 'shape', 'each', 'n1'])))
    expect(fragment?.nodes.map((node) => node.id)).toEqual(['call', 'shape', 'each', 'inner', 'deep'])
    expect(fragment?.edges).toEqual([
      { from: 'call', port: 'done', to: 'shape' },
      { from: 'shape', port: 'done', to: 'each' },
    ])
    expect(fragment?.notes.map((note) => note.id)).toEqual(['n1'])
  })

  it('gives fresh ids, binds references among the pasted anew, and leaves the others', () => {
    const after = pasted(document, copySelection(document, new Set(['call', 'shape'])))
    expect(after.nodes.slice(6).map((node) => node.id)).toEqual(['call_2', 'shape_2'])
    expect(nodeOf(after, 'shape_2')?.config).toEqual({ value: '${ steps.call_2.body & steps.start.id }' })
    expect(nodeOf(after, 'call_2')?.config).toEqual({ body: '${ steps.start.id }' })
    expect(after.edges.at(-1)).toEqual({ from: 'call_2', port: 'done', to: 'shape_2' })
  })

  it('keeps ids that are free in another flow', () => {
    const empty = documentSchema.parse({ millrace: 1, id: 'other' })
    const after = pasted(empty, copySelection(document, new Set(['call', 'shape'])))
    expect(after.nodes.map((node) => node.id)).toEqual(['call', 'shape'])
  })

  it('puts the middle of what is pasted at the point', () => {
    const after = pasted(document, copySelection(document, new Set(['call', 'shape'])))
    expect(after.nodes.slice(6).map((node) => node.position)).toEqual([
      { x: 950, y: 975 },
      { x: 1_050, y: 1_025 },
    ])
  })

  it('keeps insides inside of the copied container', () => {
    const after = pasted(document, copySelection(document, new Set(['each'])))
    expect(after.nodes.slice(6).map(({ id, parent }) => [id, parent])).toEqual([
      ['each_2', undefined],
      ['inner_2', 'each_2'],
      ['deep_2', 'inner_2'],
    ])
  })

  it('lets a copied inside lie at the top where its container is not', () => {
    const empty = documentSchema.parse({ millrace: 1, id: 'other' })
    const after = pasted(empty, copySelection(document, new Set(['deep'])))
    expect(after.nodes[0]).not.toHaveProperty('parent')
  })

  it('connects nothing that was there with what is pasted', () => {
    const hostile = JSON.stringify({
      millrace: 1,
      fragment: true,
      nodes: [{ id: 'fresh', kind: 'step' }],
      edges: [{ from: 'call', to: 'fresh' }],
    })
    expect(pasted(document, hostile).edges).toEqual(document.edges)
  })

  it('takes a whole flow as text', () => {
    const fragment = readClipboard(printDocument(document))
    expect(fragment).toMatchObject(
      fragmentOf(document, new Set([...document.nodes.map((node) => node.id), 'n1'])),
    )
  })

  it.each([
    ['words', 'hello'],
    ['other JSON', '{"a": 1}'],
    ['a fragment with a field too many', '{"millrace": 1, "fragment": true, "nodes": [], "x": 1}'],
    ['a fragment with a node that is none', '{"millrace": 1, "fragment": true, "nodes": [{"id": "$"}]}'],
    [
      'a fragment that would change objects',
      '{"millrace": 1, "fragment": true, "nodes": [{"id": "a", "kind": "x", "config": {"__proto__": 1}}]}',
    ],
    ['a flow of a newer format', '{"millrace": 2, "id": "f"}'],
    ['a bomb', '['.repeat(100_000)],
  ])('takes nothing from %s', (_, text) => {
    expect(readClipboard(text)).toBeNull()
  })

  it('yields a whole flow with unique ids, whatever is copied', () => {
    fc.assert(
      fc.property(anyFlow, anyFlow, (from, into) => {
        const unique = {
          ...from,
          nodes: from.nodes.filter(
            (node, index) => from.nodes.findIndex((each) => each.id === node.id) === index,
          ),
        }
        const after = pasted(into, copySelection(unique, new Set(unique.nodes.map((node) => node.id))))
        const fresh = after.nodes.slice(into.nodes.length).map((node) => node.id)
        expect(fresh).toHaveLength(unique.nodes.length)
        expect(new Set([...into.nodes.map((node) => node.id), ...fresh]).size).toBe(
          new Set(into.nodes.map((node) => node.id)).size + fresh.length,
        )
        expect(documentSchema.parse(after)).toStrictEqual(after)
      }),
      { numRuns: 60 },
    )
  })
})
