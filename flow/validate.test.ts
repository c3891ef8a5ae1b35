import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { nodeIdSchema, type FlowDocument } from './document'
import { applyEdit } from './edits/apply'
import { anyFlow, json } from './fixtures/arbitrary-flow'
import { flow, found } from './fixtures/found'
import { testKinds } from './fixtures/kinds'
import { parseDocument, printDocument } from './formats/json'
import { defineKind, donePort, kindsOf } from './kind'
import { hasErrors } from './problem'
import { validate } from './validate'

describe('golden flows', () => {
  const folder = new URL('./fixtures/flows/', import.meta.url)
  const names = readdirSync(folder)

  it.each(names)('%s is a document, prints as it stands, and has the problems that it says', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const parsed = parseDocument(text)
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems, null, 2))
    expect(printDocument(parsed.document)).toBe(text)
    expect(found(parsed.document)).toEqual(parsed.document.extensions?.expected ?? [])
  })
})

describe('any document', { timeout: 60_000 }, () => {
  it('never makes it throw, and every problem says where and what to do', () => {
    fc.assert(
      fc.property(anyFlow, (document) => {
        for (const { message, path, node, code } of validate(document, testKinds)) {
          expect(code).toMatch(/^[a-z_]+$/)
          expect(message).toMatch(/[.?!)`…]$/)
          expect(
            node === undefined || document.nodes.some((each) => each.id === node) || path[0] === 'edges',
          ).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('nor does anything that is no document', () => {
    const nodeLike = fc.record({
      id: json,
      kind: json,
      config: json,
      parent: json,
      join: json,
      output: json,
      assign: json,
      onError: json,
    })
    const documentLike = fc.record(
      {
        millrace: json,
        settings: fc.oneof(json, fc.constant({})),
        nodes: fc.oneof(json, fc.array(fc.oneof(nodeLike, json))),
        edges: fc.oneof(json, fc.array(fc.record({ from: json, port: json, to: json }))),
        notes: fc.oneof(json, fc.constant([])),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(json, documentLike), (value) => {
        expect(hasErrors(validate(value as FlowDocument, testKinds))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('nor does a document whose nodes have the right ids and kinds and nothing else right', () => {
    const broken = fc.record({
      id: fc.constantFrom('a', 'b'),
      kind: fc.constantFrom(...testKinds.all().map((definition) => definition.kind)),
      config: fc.dictionary(
        fc.constantFrom('cases', 'branches', 'limit', 'expression', 'value', 'url', 'path'),
        json,
      ),
      join: json,
      onError: json,
      output: json,
      assign: json,
    })
    const edge = fc.record({
      from: fc.constantFrom('a', 'b'),
      port: fc.constantFrom('done', 'a'),
      to: fc.constantFrom('a', 'b'),
    })
    fc.assert(
      fc.property(fc.array(broken), fc.array(edge), (nodes, edges) => {
        const value: unknown = { millrace: 1, id: 'f', settings: {}, nodes, edges, notes: [] }
        expect(hasErrors(validate(value as FlowDocument, testKinds))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('checking again', () => {
  it('looks only at the nodes that changed', () => {
    let count = 0
    const counting = defineKind({
      kind: 'counting',
      title: 'Counting',
      category: 'data',
      icon: 'box',
      description: '',
      config: z.record(z.string(), z.string()).refine(() => ++count > 0),
      defaults: {},
      ports: () => [donePort],
      summary: () => '',
      effect: 'none',
      trigger: true,
    })
    const kinds = kindsOf([counting])
    const nodes = Array.from({ length: 50 }, (_, at) => ({ id: `n${at}`, kind: 'counting' }))
    const document = flow({ nodes })
    expect(validate(document, kinds)).toEqual([])
    expect(count).toBe(50)
    const config = { a: 'b' }
    const edit = applyEdit(document, { type: 'set_config', node: nodeIdSchema.parse('n7'), config }, kinds)
    expect(validate(edit.document, kinds)).toEqual([])
    expect(count).toBe(51)
  })
})
