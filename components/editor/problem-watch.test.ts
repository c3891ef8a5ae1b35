import { afterEach, expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { documentSchema, type FlowDocument } from '@/flow/document'
import { hasRegexEngine } from '@/flow/expression/regex'
import type { Problem } from '@/flow/problem'
import { kinds } from '@/nodes/definitions'
import { createProblemWatch } from './problem-watch'

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

function watched(expression: string) {
  const document = documentSchema.parse({
    millrace: 1,
    id: 'f',
    nodes: [
      { id: 'start', kind: 'start' },
      { id: 'made', kind: 'transform', config: { expression } },
    ],
    edges: [{ from: 'start', to: 'made' }],
  })
  const store = createStore<{
    document: FlowDocument
    problems: readonly Problem[]
    problemsByNode: ReadonlyMap<string, readonly Problem[]>
  }>(() => ({ document, problems: [], problemsByNode: new Map() }))
  stops.push(createProblemWatch(store, kinds).stop)
  return store
}

test('a flow without regular expressions is checked without their engine', async () => {
  const store = watched('nowhere.a / 2')
  await vi.waitFor(() => expect(store.getState().problems).toHaveLength(1))
  expect(hasRegexEngine()).toBe(false)
})

test('a pattern that the engine refuses is a problem, though the engine comes only now', async () => {
  const store = watched('$contains(input.a, /(?=b)/)')
  await vi.waitFor(() =>
    expect(store.getState().problemsByNode.get('made')?.[0]?.message).toContain('Lookah'),
  )
  expect(hasRegexEngine()).toBe(true)
})
