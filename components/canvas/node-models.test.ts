import { describe, expect, it } from 'vitest'
import { documentSchema, type Point } from '@/flow/document'
import { createEdgeModels } from './edge-models'
import { createNodeModels } from './node-models'

const flow = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'ask', kind: 'condition', config: { expression: 'true' } },
    { id: 'end', kind: 'complete' },
  ],
  edges: [
    { from: 'start', to: 'ask' },
    { from: 'ask', port: 'true', to: 'end' },
    { from: 'ask', port: 'gone', to: 'end' },
    { from: 'ask', port: 'false', to: 'nowhere' },
  ],
  notes: [{ id: 'n', text: 'hi' }],
})
const view = {
  selection: new Set<string>(),
  dragged: new Map<string, Point>(),
  resized: new Map(),
  editable: true,
}

describe('node models', () => {
  it('keep the object of a node that did not change, when another one does', () => {
    const build = createNodeModels()
    const before = build(flow, view)
    const moved = {
      ...flow,
      nodes: flow.nodes.map((n) => (n.id === 'ask' ? { ...n, position: { x: 9, y: 9 } } : n)),
    }
    const after = build(moved, view)
    const changed = after.filter((model, index) => model !== before[index])
    expect(changed.map((model) => model.id)).toEqual(['ask'])
  })

  it('change only for those whose selection or dragging changed', () => {
    const build = createNodeModels()
    const before = build(flow, { ...view, selection: new Set(['start']) })
    const after = build(flow, {
      ...view,
      selection: new Set(['start', 'end']),
      dragged: new Map([['ask', { x: 5, y: 5 }]]),
    })
    const changed = after.filter((model, index) => model !== before[index])
    expect(changed.map((model) => model.id)).toEqual(['ask', 'end'])
    expect(after.find((model) => model.id === 'ask')?.position).toEqual({ x: 5, y: 5 })
  })

  it('come measured and with their ports, so that nothing waits for the browser', () => {
    const [, , ask] = createNodeModels()(flow, view)
    expect(ask?.measured).toEqual({ width: ask?.width, height: ask?.height })
    expect(ask?.handles?.map((handle) => handle.id)).toEqual(['true', 'false', 'in'])
  })

  it('give Tab one place to land: the first selected, else the first', () => {
    const stops = (selection: string[]) =>
      createNodeModels()(flow, { ...view, selection: new Set(selection) })
        .filter((model) => model.domAttributes?.tabIndex === 0)
        .map((model) => model.id)
    expect(stops([])).toEqual(['start'])
    expect(stops(['end'])).toEqual(['end'])
    expect(stops(['note:n'])).toEqual(['note:n'])
  })
})

describe('edge models', () => {
  it('leave out lines from ports and to nodes that are not there', () => {
    const models = createEdgeModels()(flow, new Set(), true)
    expect(models.map((model) => model.id)).toEqual(['start:done>ask', 'ask:true>end'])
  })

  it('keep the object of a line whose ends did not change', () => {
    const build = createEdgeModels()
    const before = build(flow, new Set(), true)
    const after = build(flow, new Set(['end']), true)
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
  })
})
