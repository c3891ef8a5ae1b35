import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  documentLimits,
  documentSchema,
  edgeKey,
  nodeIdSchema,
  nodeOf,
  type FlowDocument,
  type FlowDocumentInput,
} from '../document'
import { anyEdit } from '../fixtures/arbitrary-edit'
import { anyFlow } from '../fixtures/arbitrary-flow'
import { testKinds } from '../fixtures/kinds'
import { applyEdit } from './apply'
import type { Edit } from './edit'

const flow = (input: Omit<FlowDocumentInput, 'millrace' | 'id'>) =>
  documentSchema.parse({ millrace: 1, id: 'f', ...input })
const edited = (document: FlowDocument, edit: Edit) => applyEdit(document, edit, testKinds).document
const id = (text: string) => nodeIdSchema.parse(text)
const lines = (document: FlowDocument) => document.edges.map(edgeKey)
const line = (text: string) => {
  const [, from = '', port = '', to = ''] = /^(.*):(.*)>(.*)$/.exec(text) ?? []
  return { from: id(from), port, to: id(to) }
}

const chain = flow({
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'check', kind: 'condition', config: { expression: 'steps.start.ok' } },
    { id: 'yes', kind: 'step', config: { value: '${ steps.check.total } of ${ run.steps.check.attempts }' } },
    { id: 'no', kind: 'step', output: '${ steps.check }', assign: { x: '${ steps.checked }' } },
  ],
  edges: [line('start:done>check'), line('check:true>yes'), line('check:false>no')],
})

describe('laws of edits', { timeout: 60_000 }, () => {
  it('the inverse of any edit, after any edits, gives back the document', () => {
    fc.assert(
      fc.property(anyFlow, fc.array(anyEdit, { minLength: 1, maxLength: 8 }), (start, makers) => {
        let document = start
        const history: { before: FlowDocument; inverse: Edit }[] = []
        for (const make of makers) {
          const { document: after, inverse } = applyEdit(document, make(document), testKinds)
          history.push({ before: document, inverse })
          document = after
        }
        for (const { before, inverse } of history.reverse()) {
          document = edited(document, inverse)
          expect(document).toStrictEqual(before)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('the inverse of the inverse does the edit again', () => {
    fc.assert(
      fc.property(anyFlow, anyEdit, (document, make) => {
        const done = applyEdit(document, make(document), testKinds)
        const undone = applyEdit(done.document, done.inverse, testKinds)
        expect(edited(undone.document, undone.inverse)).toStrictEqual(done.document)
      }),
    )
  })

  it('an edit never changes the document that it is given, and yields one of the right shape', () => {
    fc.assert(
      fc.property(anyFlow, anyEdit, (document, make) => {
        const before = structuredClone(document)
        const after = edited(document, make(document))
        expect(document).toStrictEqual(before)
        expect(documentSchema.parse(after)).toStrictEqual(after)
      }),
    )
  })

  it('an edit and its inverse survive being JSON', () => {
    fc.assert(
      fc.property(anyFlow, anyEdit, (document, make) => {
        const { document: after, inverse } = applyEdit(document, make(document), testKinds)
        expect(edited(after, JSON.parse(JSON.stringify(inverse)))).toEqual(document)
      }),
    )
  })

  it('nodes that an edit does not touch keep their identity', () => {
    const after = edited(chain, { type: 'set_config', node: id('yes'), config: { value: 1 } })
    expect(after.nodes.map((node, index) => node === chain.nodes[index])).toEqual([true, true, false, true])
    expect(after.edges).toBe(chain.edges)
  })

  it.each<[string, Edit]>([
    ['a move to the same place', { type: 'move', positions: { check: { x: 0, y: 0 } } }],
    ['a node that is not there', { type: 'set_config', node: id('gone'), config: {} }],
    ['an id that is taken', { type: 'change_id', node: id('yes'), id: id('no') }],
    ['a line that is there', { type: 'connect', edge: line('check:true>yes') }],
    ['a line to nowhere', { type: 'connect', edge: line('check:true>gone') }],
    ['a line that is gone', { type: 'disconnect', edges: ['a:b>c'] }],
    ['nothing to remove', { type: 'remove', ids: ['gone'], heal: true }],
    ['a note that is not there', { type: 'set_note', note: 'gone', patch: { text: 'x' } }],
  ])('nothing is done, and the document stays itself, for %s', (_, edit) => {
    expect(edited(chain, edit)).toBe(chain)
  })
})

describe('adding', () => {
  const fresh = { id: id('fresh'), kind: 'step', name: '', config: {}, position: { x: 1, y: 2 } }

  it('adds a node with its lines', () => {
    const after = edited(chain, {
      type: 'add_node',
      node: fresh,
      edges: [line('yes:done>fresh'), line('fresh:done>gone')],
    })
    expect(nodeOf(after, 'fresh')).toEqual(fresh)
    expect(lines(after)).toEqual([...lines(chain), 'yes:done>fresh'])
  })

  it('puts a node into a line', () => {
    const after = edited(chain, { type: 'insert_node', node: fresh, edge: 'start:done>check', port: 'done' })
    expect(lines(after)).toEqual(['check:true>yes', 'check:false>no', 'start:done>fresh', 'fresh:done>check'])
  })

  it('lets a node that ends the run take the end of the line', () => {
    const after = edited(chain, {
      type: 'insert_node',
      node: { ...fresh, kind: 'complete' },
      edge: 'check:true>yes',
      port: 'done',
    })
    expect(lines(after)).toEqual(['start:done>check', 'check:false>no', 'check:true>fresh'])
  })

  it('adds a trigger beside the line, for nothing can lead to it', () => {
    const after = edited(chain, {
      type: 'insert_node',
      node: { ...fresh, kind: 'webhook' },
      edge: 'check:true>yes',
      port: 'done',
    })
    expect(lines(after)).toEqual(lines(chain))
    expect(nodeOf(after, 'fresh')).toBeDefined()
  })

  it('adds nothing past the limit of a flow', () => {
    const full = flow({
      nodes: Array.from({ length: documentLimits.nodes }, (_, at) => ({ id: `n${at}`, kind: 'step' })),
    })
    expect(edited(full, { type: 'add_node', node: fresh })).toBe(full)
    expect(edited(full, { type: 'paste', nodes: [fresh], edges: [], notes: [] })).toBe(full)
  })
})

describe('removing', () => {
  const nested = flow({
    nodes: [
      { id: 'start', kind: 'start' },
      { id: 'outer', kind: 'each' },
      { id: 'inner', kind: 'each', parent: 'outer' },
      { id: 'deep', kind: 'step', parent: 'inner' },
      { id: 'deeper', kind: 'step', parent: 'inner' },
      { id: 'last', kind: 'step' },
    ],
    edges: [line('start:done>outer'), line('deep:done>deeper'), line('outer:done>last')],
    notes: [{ id: 'note' }],
  })

  it('takes the insides of a container with it, at any depth', () => {
    const after = edited(nested, { type: 'remove', ids: ['outer'] })
    expect(after.nodes.map((node) => node.id)).toEqual(['start', 'last'])
    expect(after.edges).toEqual([])
  })

  it('removes notes by id', () => {
    expect(edited(nested, { type: 'remove', ids: ['note'] }).notes).toEqual([])
  })

  it('heals the line through several removed nodes', () => {
    const long = flow({
      nodes: ['a', 'b', 'c', 'd'].map((each) => ({ id: each, kind: 'step' })),
      edges: [line('a:done>b'), line('b:done>c'), line('c:done>d')],
    })
    expect(lines(edited(long, { type: 'remove', ids: ['b', 'c'], heal: true }))).toEqual(['a:done>d'])
    expect(lines(edited(long, { type: 'remove', ids: ['b', 'c'] }))).toEqual([])
  })

  it('heals to each of the ways out but the one for errors', () => {
    const forked = flow({
      nodes: ['a', 'b', 'c', 'd', 'e'].map((each) => ({ id: each, kind: 'step' })),
      edges: [line('a:done>b'), line('b:done>c'), line('b:done>d'), line('b:error>e')],
    })
    expect(lines(edited(forked, { type: 'remove', ids: ['b'], heal: true }))).toEqual([
      'a:done>c',
      'a:done>d',
    ])
  })
})

describe('containers', () => {
  const row = flow({
    nodes: [
      { id: 'a', kind: 'step' },
      { id: 'b', kind: 'step' },
      { id: 'c', kind: 'step' },
      { id: 'each', kind: 'each' },
      { id: 'deep', kind: 'each', parent: 'each' },
      { id: 'x', kind: 'step', parent: 'deep' },
      { id: 'y', kind: 'step', parent: 'deep' },
      { id: 'last', kind: 'step' },
    ],
    edges: [
      line('a:done>b'),
      line('b:done>c'),
      line('c:done>each'),
      line('x:done>y'),
      line('each:done>last'),
      line('each:error>a'),
    ],
  })

  it('takes a node in, lets its lines go and joins what was before and after it', () => {
    const after = edited(row, {
      type: 'set_parent',
      nodes: [id('b')],
      parent: id('each'),
      positions: { b: { x: 5, y: 6 } },
    })
    expect(nodeOf(after, 'b')).toMatchObject({ parent: 'each', position: { x: 5, y: 6 } })
    expect(lines(after)).toEqual(['c:done>each', 'x:done>y', 'each:done>last', 'each:error>a', 'a:done>c'])
  })

  it('keeps the lines between nodes that move together', () => {
    const after = edited(row, { type: 'set_parent', nodes: [id('a'), id('b')], parent: id('each') })
    expect(lines(after)).toContain('a:done>b')
    expect(lines(after)).not.toContain('b:done>c')
  })

  it('takes a node out, and one whose container moves too stays inside of it', () => {
    const after = edited(row, { type: 'set_parent', nodes: [id('deep'), id('x')], parent: null })
    expect(nodeOf(after, 'deep')).not.toHaveProperty('parent')
    expect(nodeOf(after, 'x')?.parent).toBe('deep')
    expect(lines(after)).toEqual(lines(row))
  })

  it('does not put a container into itself, nor into what is inside of it', () => {
    expect(edited(row, { type: 'set_parent', nodes: [id('each')], parent: id('each') })).toBe(row)
    expect(edited(row, { type: 'set_parent', nodes: [id('each')], parent: id('deep') })).toBe(row)
    expect(edited(row, { type: 'set_parent', nodes: [id('a')], parent: id('gone') })).toBe(row)
  })

  it('unwraps what is inside into the line that led through', () => {
    const once = edited(row, { type: 'unwrap', ids: [id('deep')] })
    expect(nodeOf(once, 'x')?.parent).toBe('each')
    const twice = edited(row, { type: 'unwrap', ids: [id('each'), id('deep')] })
    expect(nodeOf(twice, 'x')).not.toHaveProperty('parent')
    const flat = edited(once, { type: 'unwrap', ids: [id('each')] })
    expect(lines(flat)).toEqual(['a:done>b', 'b:done>c', 'x:done>y', 'c:done>x', 'y:done>last'])
  })
})

describe('changing a node', () => {
  const sorted = flow({
    nodes: [
      {
        id: 'sort',
        kind: 'switch',
        config: {
          cases: [
            { port: 'urgent', when: 'a' },
            { port: 'slow', when: 'b' },
          ],
        },
        onError: 'route',
      },
      { id: 'x', kind: 'step' },
      { id: 'y', kind: 'step' },
      { id: 'z', kind: 'step' },
    ],
    edges: [line('sort:urgent>x'), line('sort:slow>y'), line('sort:error>z')],
  })
  const withPorts = (document: FlowDocument, ...ports: string[]) =>
    edited(document, {
      type: 'set_config',
      node: id('sort'),
      config: { cases: ports.map((port) => ({ port, when: 'a' })) },
    })

  it('lets lines follow a port while its name is typed, letter by letter', () => {
    let document = sorted
    for (const name of ['urgen', 'u', '', 'q', 'quick']) document = withPorts(document, name, 'slow')
    expect(lines(document)).toEqual(['sort:quick>x', 'sort:slow>y', 'sort:error>z'])
  })

  it('takes the lines of a case that was removed, and only those', () => {
    expect(lines(withPorts(sorted, 'slow'))).toEqual(['sort:slow>y', 'sort:error>z'])
  })

  it('keeps lines when cases change places', () => {
    expect(lines(withPorts(sorted, 'slow', 'urgent'))).toEqual(lines(sorted))
  })

  it('takes the line for errors when errors are no longer routed', () => {
    const after = edited(sorted, { type: 'set_node', node: id('sort'), patch: { onError: 'continue' } })
    expect(lines(after)).toEqual(['sort:urgent>x', 'sort:slow>y'])
  })

  it('takes a field away by undefined', () => {
    const after = edited(sorted, { type: 'set_node', node: id('sort'), patch: { onError: undefined } })
    expect(nodeOf(after, 'sort')).not.toHaveProperty('onError')
  })

  it('replaces a kind and keeps the wires whose ports exist', () => {
    const after = edited(sorted, { type: 'replace_kind', node: id('sort'), kind: 'condition', config: {} })
    expect(lines(after)).toEqual(['sort:true>x', 'sort:error>z'])
  })

  it('replaces a kind by one that starts runs, and takes the lines into it', () => {
    const after = edited(chain, { type: 'replace_kind', node: id('check'), kind: 'webhook', config: {} })
    expect(lines(after)).toEqual(['check:done>yes'])
  })

  it('switches several nodes off and on', () => {
    const off = edited(chain, { type: 'set_disabled', nodes: [id('yes'), id('no')], disabled: true })
    expect(off.nodes.map((node) => node.disabled)).toEqual([undefined, undefined, true, true])
    expect(edited(off, { type: 'set_disabled', nodes: [id('yes'), id('no')], disabled: false })).toEqual(
      chain,
    )
  })
})

describe('a new id', () => {
  it('is taken over by lines, insides and every expression that means the node', () => {
    const document = {
      ...chain,
      nodes: [...chain.nodes, { ...chain.nodes[2]!, id: id('inside'), parent: id('check') }],
    }
    const after = edited(document, { type: 'change_id', node: id('check'), id: id('decide') })
    expect(lines(after)).toEqual(['start:done>decide', 'decide:true>yes', 'decide:false>no'])
    expect(nodeOf(after, 'yes')?.config).toEqual({
      value: '${ steps.decide.total } of ${ run.steps.decide.attempts }',
    })
    expect(nodeOf(after, 'no')).toMatchObject({
      output: '${ steps.decide }',
      assign: { x: '${ steps.checked }' },
    })
    expect(nodeOf(after, 'inside')?.parent).toBe('decide')
  })

  it('reaches output and assign of a kind that is not known here', () => {
    const document = flow({
      nodes: [
        { id: 'a', kind: 'step' },
        { id: 'b', kind: 'from_elsewhere', output: '${ steps.a }' },
      ],
    })
    const after = edited(document, { type: 'change_id', node: id('a'), id: id('c') })
    expect(nodeOf(after, 'b')?.output).toBe('${ steps.c }')
  })
})
