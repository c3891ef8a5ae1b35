import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentLimits, documentSchema } from '../document'
import { anyFlow } from '../fixtures/arbitrary-flow'
import type { Problem } from '../problem'
import { parseDocument, printDocument } from './json'
import { jsonErrorAt } from './json-syntax'

const problemsOf = (text: string): Problem[] => {
  const result = parseDocument(text)
  return 'problems' in result ? result.problems : []
}

describe('a flow as JSON', { timeout: 60_000 }, () => {
  it('reads back what it printed', () => {
    fc.assert(
      fc.property(anyFlow, (document) => {
        expect(parseDocument(printDocument(document))).toStrictEqual({ document })
      }),
      { numRuns: 200 },
    )
  })

  it('prints the same text whatever the order of keys', () => {
    const document = documentSchema.parse({
      millrace: 1,
      id: 'f',
      name: 'F',
      nodes: [{ id: 'a', kind: 'step', timeout: 'PT1S', disabled: true }],
    })
    const shuffled = {
      ...Object.fromEntries(Object.entries(document).reverse()),
      ...document,
      nodes: document.nodes.map((node) => ({
        ...Object.fromEntries(Object.entries(node).reverse()),
        ...node,
      })),
    }
    expect(printDocument(shuffled)).toBe(printDocument(document))
  })

  it('prints short things on one line', () => {
    const document = documentSchema.parse({ millrace: 1, id: 'f', edges: [{ from: 'a', to: 'b' }] })
    expect(printDocument(document)).toContain('\n    { "from": "a", "port": "done", "to": "b" }\n')
  })

  it('names what is wrong by path, in plain words', () => {
    const text = JSON.stringify({
      millrace: 1,
      id: 'Not An Id',
      nodes: [{ id: 'a', kind: '', colour: 1 }, { id: 'b' }],
      settings: { timeout: 'soon' },
    })
    expect(problemsOf(text).map(({ code, path, severity }) => [code, path.join('.'), severity])).toEqual([
      ['invalid_field', 'id', 'error'],
      ['invalid_field', 'settings.timeout', 'error'],
      ['missing_field', 'nodes.0.kind', 'error'],
      ['unknown_field', 'nodes.0.colour', 'error'],
      ['missing_field', 'nodes.1.kind', 'error'],
    ])
    for (const { message } of problemsOf(text)) expect(message).toMatch(/[.]$/)
  })

  it('says line and column of broken JSON', () => {
    const [problem] = problemsOf('{\n  "millrace": 1,\n  "id": x\n}')
    expect(problem).toMatchObject({ code: 'not_json', span: { from: 27, to: 28 } })
    expect(problem?.message).toContain('line 3, column 9')
  })

  it.each([
    ['{"a": 1,}', 8],
    ['{"a": 01}', 6],
    ['{"a" 1}', 5],
    ["{'a': 1}", 1],
    ['[1, 2,, 3]', 6],
    ['[1 2]', 3],
    ['{"a": "line\nbreak"}', 6],
    ['{} {}', 3],
    ['[1, 2', 5],
    ['nul', 0],
  ])('finds where %j breaks', (text, at) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(jsonErrorAt(text)).toBe(at)
  })

  it('finds a break in every text that is cut off or changed', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', '}', ',', '"', 'x'), (text, cut, put) => {
        const at = cut % (text.length + 1)
        const broken = text.slice(0, at) + put + text.slice(at + 1)
        fc.pre(problemsOf(broken).some((problem) => problem.code === 'not_json' && problem.span))
        expect(jsonErrorAt(broken)).toBeLessThan(broken.length)
      }),
    )
  })

  it.each([
    ['nothing', '', 'not_json'],
    ['half a document', '{"millrace": 1', 'not_json'],
    ['other JSON', '[1, 2]', 'not_a_flow'],
    ['another object', '{"name": "x"}', 'not_a_flow'],
    ['a newer format', '{"millrace": 99}', 'format_too_new'],
    [
      'a key that changes what objects are',
      '{"millrace": 1, "id": "f", "state": {"a": {"__proto__": {}}}}',
      'forbidden_key',
    ],
    ['endless nesting', '['.repeat(200_000), 'document_too_deep'],
    [
      'nesting inside of a document',
      `{"millrace":1,"id":"f","state":{"a":${'['.repeat(150)}${']'.repeat(150)}}}`,
      'document_too_deep',
    ],
    ['a text that is too large', ' '.repeat(documentLimits.bytes + 1), 'document_too_large'],
    ['a text that is too large in bytes', `"${'é'.repeat(documentLimits.bytes / 2)}"`, 'document_too_large'],
  ])('refuses %s', (_, text, code) => {
    expect(problemsOf(text).map((problem) => problem.code)).toEqual([code])
  })

  it('does not take brackets inside of texts for nesting', () => {
    const text = JSON.stringify({
      millrace: 1,
      id: 'f',
      name: '[{"\\'.repeat(40),
      description: '\\"['.repeat(200),
    })
    expect(problemsOf(text)).toEqual([])
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((each) => `{"millrace":1,"id":"f","nodes":${each}}`),
        ),
        (text) => {
          const result = parseDocument(text)
          expect('document' in result || result.problems.length > 0).toBe(true)
        },
      ),
    )
  })
})
