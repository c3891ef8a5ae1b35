import { beforeEach, describe, expect, it, vi } from 'vitest'
import { documentSchema, edgeKey, nodeIdSchema, type FlowDocument } from '@/flow/document'
import { kinds } from '@/nodes/definitions'
import { createEditorStore } from './editor-store'
import { createEditorView } from './editor-view'
import { createVerbs } from './editor-verbs'

const flow = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'start', kind: 'start', position: { x: 0, y: 0 } },
    { id: 'say', kind: 'text', name: 'Say', config: { text: 'hi' }, position: { x: 280, y: 0 } },
    {
      id: 'log',
      kind: 'log',
      config: { message: '${ steps.say }' },
      position: { x: 560, y: 0 },
    },
  ],
  edges: [
    { from: 'start', to: 'say' },
    { from: 'say', to: 'log' },
  ],
})

function bench(document: FlowDocument = flow) {
  const store = createEditorStore({
    flow: { flowId: 'f', document, revision: 1, liveVersion: null, draftDiffers: false },
    kinds,
    save: async () => ({ revision: 2, updatedAt: '' }),
  })
  const verbs = createVerbs(store, createEditorView())
  return {
    store,
    verbs,
    edges: () => store.getState().document.edges.map(edgeKey),
    node: (id: string) => store.getState().document.nodes.find((node) => node.id === id),
    selected: () => [...store.getState().selection],
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('requestAnimationFrame', () => 0)
})

describe('adding', () => {
  it('chains after the selected step, at its open port and beside it', () => {
    const { store, verbs, edges, node, selected } = bench()
    store.select(['log'])
    verbs.addAfterSelection('transform')
    expect(edges()).toContain('log:done>transform')
    expect(node('transform')?.position.x).toBeGreaterThan(560 + 212)
    expect(selected()).toEqual(['transform'])
  })

  it('does not chain a trigger', () => {
    const { store, verbs, edges } = bench()
    store.select(['log'])
    verbs.addAfterSelection('webhook')
    expect(edges()).toHaveLength(2)
  })

  it('goes into the selected line and moves what follows aside', () => {
    const { store, verbs, edges, node } = bench()
    store.select(['say:done>log'])
    verbs.addAfterSelection('transform')
    expect(edges().sort()).toEqual(['say:done>transform', 'start:done>say', 'transform:done>log'])
    expect(node('log')!.position.x).toBeGreaterThan(node('transform')!.position.x + 212)
    store.undo()
    expect(store.getState().document).toEqual(flow)
  })

  it('never lays a step on another', () => {
    const { store, verbs, node } = bench()
    store.select(['start'])
    verbs.addAfterSelection('transform')
    const say = node('say')!.position
    const fresh = node('transform')!.position
    expect(Math.abs(fresh.x - say.x) >= 212 || Math.abs(fresh.y - say.y) >= 52).toBe(true)
  })
})

describe('removing', () => {
  it('joins the line again when asked to', () => {
    const { store, verbs, edges } = bench()
    store.select(['say'])
    verbs.remove(true)
    expect(edges()).toEqual(['start:done>log'])
  })

  it('takes lines and steps away in one undoable go', () => {
    const { store, verbs, edges } = bench()
    store.select(['log', 'start:done>say'])
    verbs.remove(false)
    expect(edges()).toEqual([])
    store.undo()
    expect(store.getState().document).toEqual(flow)
  })
})

describe('a name typed in the inspector', () => {
  it('lets the id follow while that was made up, and references with it', () => {
    const { store, verbs, node, selected } = bench()
    store.select(['say'])
    store.apply({ type: 'set_node', node: node('say')!.id, patch: { name: 'Greet all' } })
    verbs.followName(node('say')!.id, 'Say')
    expect(node('say')).toBeUndefined()
    expect(node('log')?.config.message).toBe('${ steps.greet_all }')
    expect(selected()).toEqual(['greet_all'])
  })

  it('leaves an id alone that somebody chose', () => {
    const { store, verbs, node } = bench()
    store.apply({ type: 'change_id', node: node('say')!.id, id: nodeIdSchema.parse('mine') })
    verbs.followName(node('mine')!.id, 'Say')
    expect(node('mine')).toBeDefined()
  })
})

describe('copying', () => {
  it('pastes what was copied with its lines, and selects it', () => {
    const { store, verbs, edges, selected } = bench()
    store.select(['say', 'log'])
    const text = verbs.copyText()
    expect(verbs.pasteText(text!)).toBe(true)
    expect(selected()).toEqual(['say_2', 'log_2'])
    expect(edges()).toContain('say_2:done>log_2')
  })

  it('pastes the JSON of a whole flow', () => {
    const { verbs, store } = bench()
    expect(verbs.pasteText(JSON.stringify(flow))).toBe(true)
    expect(store.getState().document.nodes).toHaveLength(6)
  })

  it('does nothing with other text', () => {
    const { verbs, store } = bench()
    expect(verbs.pasteText('hello')).toBe(false)
    expect(store.getState().undo).toHaveLength(0)
  })
})

describe('renaming', () => {
  it('lets an id that came from the name follow it, with every reference', () => {
    const { verbs, node, edges } = bench()
    verbs.rename(flow.nodes[1]!.id, 'Greet the guest')
    expect(node('greet_the_guest')?.name).toBe('Greet the guest')
    expect(node('log')?.config.message).toBe('${ steps.greet_the_guest }')
    expect(edges()).toContain('greet_the_guest:done>log')
  })

  it('keeps an id that somebody chose', () => {
    const own = {
      ...flow,
      nodes: flow.nodes.map((each) => ({ ...each, name: each.id === 'log' ? 'Audit' : each.name })),
    }
    const { verbs, node } = bench(
      documentSchema.parse({
        ...own,
        nodes: own.nodes.map((n) => (n.id === 'say' ? { ...n, name: 'Hello' } : n)),
      }),
    )
    verbs.rename(flow.nodes[1]!.id, 'Other')
    expect(node('say')?.name).toBe('Other')
  })
})

describe('walking and nudging', () => {
  it('walks along the lines', () => {
    const { store, verbs, selected } = bench()
    store.select(['start'])
    verbs.walk('right')
    verbs.walk('right')
    expect(selected()).toEqual(['log'])
  })

  it('takes a row of nudges as one edit', () => {
    const { store, verbs, node } = bench()
    store.select(['say'])
    verbs.nudge(4, 0)
    verbs.nudge(4, 0)
    expect(node('say')?.position.x).toBe(288)
    expect(store.getState().undo).toHaveLength(1)
  })

  it('selects all that follows', () => {
    const { store, verbs, selected } = bench()
    store.select(['start'])
    verbs.selectStream('down')
    expect(selected().sort()).toEqual(['log', 'say', 'start'])
  })
})

it('replaces the kind and keeps the lines', () => {
  const { verbs, node, edges } = bench()
  verbs.replaceKind(flow.nodes[1]!.id, 'transform')
  expect(node('say')?.kind).toBe('transform')
  expect(edges()).toEqual(['start:done>say', 'say:done>log'])
})
