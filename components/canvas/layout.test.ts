import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import { framePadding, layoutOf } from './layout'
import { nodeWidth } from './node-look'

const flow = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'mail', kind: 'text', parent: 'each', position: { x: 700, y: 300 } },
    { id: 'each', kind: 'for_each', position: { x: 300, y: 100 } },
    { id: 'inner', kind: 'loop', parent: 'each', position: { x: 340, y: 200 } },
    { id: 'deep', kind: 'text', parent: 'inner', position: { x: 360, y: 300 } },
    { id: 'alone', kind: 'text', position: { x: 0, y: 0 } },
  ],
})
const layout = layoutOf(flow)

describe('a frame', () => {
  it('holds all that is inside, with room around it', () => {
    const frame = layout.boxOf('each')!
    expect(frame).toMatchObject({ x: 300, y: 100 })
    expect(frame.x + frame.width).toBe(700 + nodeWidth + framePadding.side)
  })

  it('reaches to the left and up when something inside stands there', () => {
    const nodes = flow.nodes.map((node) =>
      node.id === 'mail' ? { ...node, position: { x: -100, y: -100 } } : node,
    )
    const frame = layoutOf({ ...flow, nodes }).boxOf('each')!
    expect(frame.x).toBe(-100 - framePadding.side)
    expect(frame.y).toBeLessThan(-100)
  })

  it('is as large as it was pulled, never smaller than its insides', () => {
    const sized = (width: number) =>
      layoutOf({
        ...flow,
        nodes: flow.nodes.map((node) =>
          node.id === 'each' ? { ...node, size: { width, height: 10 } } : node,
        ),
      }).boxOf('each')!.width
    expect(sized(2_000)).toBe(2_000)
    expect(sized(10)).toBe(layout.boxOf('each')!.width)
  })

  it('is found by a point, the innermost first, without those that are left out', () => {
    expect(layout.frameAt({ x: 400, y: 330 })).toBe('inner')
    expect(layout.frameAt({ x: 400, y: 330 }, new Set<string>(['inner']))).toBe('each')
    expect(layout.frameAt({ x: 400, y: 330 }, new Set(['each']))).toBeNull()
    expect(layout.frameAt({ x: 0, y: 0 })).toBeNull()
  })
})

describe('a collapsed container', () => {
  const nodes = flow.nodes.map((node) => (node.id === 'each' ? { ...node, collapsed: true } : node))
  const collapsed = layoutOf({ ...flow, nodes })
  it('stands for what is inside at any depth, as large as a plain step', () => {
    expect(collapsed.behind('deep')).toBe('each')
    expect(collapsed.behind('each')).toBeNull()
    expect(collapsed.boxOf('each')?.width).toBe(nodeWidth)
    expect(collapsed.frameAt({ x: 400, y: 330 })).toBeNull()
  })
})

it('lists what is around before what is inside', () => {
  const ids = layout.outsideIn.map((node): string => node.id)
  expect(ids.indexOf('each')).toBeLessThan(ids.indexOf('inner'))
  expect(ids.indexOf('inner')).toBeLessThan(ids.indexOf('deep'))
})

it('does not go round for ever where nodes hold each other', () => {
  const nodes = [
    { id: 'a', kind: 'for_each', parent: 'b' },
    { id: 'b', kind: 'for_each', parent: 'a' },
    { id: 'c', kind: 'text', parent: 'c' },
  ]
  const broken = layoutOf(documentSchema.parse({ millrace: 1, id: 'f', nodes }))
  expect(broken.boxOf('a')).not.toBeNull()
  expect(broken.boxOf('c')).not.toBeNull()
})
