import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import { kinds } from '@/nodes/definitions'
import { exampleOf, sampleRoot } from './sample-root'

const document = documentSchema.parse({
  millrace: 1,
  id: 'sampled',
  input: { type: 'object', properties: { customer: { type: 'string', default: 'Globex' } } },
  state: { tries: 0 },
  nodes: [
    { id: 'start', kind: 'start' },
    {
      id: 'assess',
      kind: 'agent',
      config: { output: { type: 'object', properties: { risk: { enum: ['high', 'low'] } } } },
    },
    { id: 'pinned', kind: 'transform', sample: { pinned: true } },
    { id: 'last', kind: 'text' },
    { id: 'aside', kind: 'text' },
  ],
  edges: [
    { from: 'start', to: 'assess' },
    { from: 'assess', to: 'pinned' },
    { from: 'pinned', to: 'last' },
    { from: 'start', to: 'aside' },
  ],
})
const graph = graphOf(document, kinds)

describe('sampleRoot', () => {
  it('shows declared shapes and pinned samples while nothing has run', () => {
    const root = sampleRoot(graph, 'last', null)
    expect(root).toMatchObject({
      input: { pinned: true },
      trigger: { customer: 'Globex' },
      steps: { assess: { risk: 'high' }, pinned: { pinned: true } },
      state: { tries: 0 },
    })
    expect(root.steps).not.toHaveProperty('aside')
  })

  it('prefers what a run really yielded, but not to a pinned sample', () => {
    const known = {
      trigger: { customer: 'Acme' },
      state: { tries: 3 },
      steps: { assess: { risk: 'low' }, pinned: 1 },
    }
    expect(sampleRoot(graph, 'last', known)).toMatchObject({
      trigger: { customer: 'Acme' },
      steps: { assess: { risk: 'low' }, pinned: { pinned: true } },
      state: { tries: 3 },
    })
    expect(sampleRoot(graph, 'assess', known)).toMatchObject({ input: { customer: 'Acme' } })
  })
})

describe('exampleOf', () => {
  it('does not go round for ever in a schema that holds itself', () => {
    const schema: Record<string, unknown> = { type: 'object' }
    schema.properties = { again: schema }
    expect(JSON.stringify(exampleOf(schema)).length).toBeLessThan(200)
  })
})
