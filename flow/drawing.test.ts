import { expect, test } from 'vitest'
import { documentSchema } from './document'
import { drawingOf } from './drawing'
import { testKinds } from './fixtures/kinds'

function nested(collapsed: boolean) {
  return documentSchema.parse({
    millrace: 1,
    id: 'f',
    nodes: [
      { id: 'start', kind: 'start' },
      { id: 'all', kind: 'each', collapsed, position: { x: 300, y: 0 } },
      { id: 'one', kind: 'step', parent: 'all', position: { x: 320, y: 90 } },
    ],
    edges: [{ from: 'start', to: 'all' }],
  })
}

test('a drawing holds what is inside of an open container', () => {
  const { nodes } = drawingOf(nested(false), testKinds)
  expect(nodes.map(({ id, parent }) => [id, parent])).toEqual([
    ['start', undefined],
    ['all', undefined],
    ['one', 'all'],
  ])
})

test('a collapsed container stands for what is inside of it', () => {
  expect(drawingOf(nested(true), testKinds).nodes.map(({ id }) => id)).toEqual(['start', 'all'])
})

test('a node that is inside of itself is drawn all the same', () => {
  const broken = documentSchema.parse({
    millrace: 1,
    id: 'f',
    nodes: [{ id: 'one', kind: 'each', parent: 'one' }],
    edges: [],
  })
  expect(drawingOf(broken, testKinds).nodes).toHaveLength(1)
})
