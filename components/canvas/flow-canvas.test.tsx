// @vitest-environment jsdom
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { documentSchema, type FlowDocument, type FlowNode } from '@/flow/document'
import { applyEdit } from '@/flow/edits/apply'
import { RunStoreProvider, createRunStore } from '@/components/runs/run-store'
import { kinds } from '@/nodes/definitions'
import { FlowCanvas } from './flow-canvas'

/* What a step is drawn from is counted where it is read: `disabled`, which nothing but its card asks for. */

let drawn: string[] = []

/** The flow with its nodes watched; an edit keeps the objects of the nodes that it leaves alone. */
function watched(document: FlowDocument): FlowDocument {
  return { ...document, nodes: document.nodes.map(watchedNode) }
}

function watchedNode(node: FlowNode): FlowNode {
  return Object.defineProperty({ ...node }, 'disabled', {
    enumerable: true,
    get: () => {
      drawn.push(node.id)
      return false
    },
  })
}

const document = watched(
  documentSchema.parse({
    millrace: 1,
    id: 'f',
    nodes: [
      { id: 'start', kind: 'start' },
      { id: 'one', kind: 'text', config: { text: 'a' }, position: { x: 300, y: 0 } },
      { id: 'two', kind: 'text', config: { text: 'b' }, position: { x: 600, y: 0 } },
    ],
    edges: [
      { from: 'start', to: 'one' },
      { from: 'one', to: 'two' },
    ],
  }),
)

let root: Root
beforeEach(() => {
  Object.assign(globalThis, {
    IS_REACT_ACT_ENVIRONMENT: true,
    ResizeObserver: class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
    matchMedia: () => ({ matches: false, addEventListener() {}, removeEventListener() {} }),
  })
  const place = window.document.createElement('div')
  window.document.body.append(place)
  root = createRoot(place)
  drawn = []
})
afterEach(() => act(() => root.unmount()))

const runs = createRunStore()
const draw = (shown: FlowDocument) =>
  act(() =>
    root.render(
      <RunStoreProvider store={runs}>
        <FlowCanvas document={shown} />
      </RunStoreProvider>,
    ),
  )

test('a keystroke in the settings of a step draws that step anew, and no other', async () => {
  await draw(document)
  expect(new Set(drawn)).toEqual(new Set(['start', 'one', 'two']))
  drawn = []
  const edit = { type: 'set_config', node: document.nodes[1]!.id, config: { text: 'ab' } } as const
  const typed = applyEdit(document, edit, kinds).document
  drawn = []
  await draw({ ...typed, nodes: typed.nodes.map((node) => (node.id === 'one' ? watchedNode(node) : node)) })
  expect(new Set(drawn)).toEqual(new Set(['one']))
})

test('what is typed of the flow itself draws no step', async () => {
  await draw(document)
  drawn = []
  await draw({ ...document, description: 'Says it' })
  expect(drawn).toEqual([])
})
