import fc from 'fast-check'
import jsonata from 'jsonata'
import { describe, expect, test } from 'vitest'
import { tokenize } from './tokens'
import type { TreeNode } from './tree'

function shown(source: string): string[] {
  return tokenize(source).tokens.map((token) => `${token.type}:${token.value}`)
}

describe('tokenize', () => {
  test('cuts names, variables, texts, numbers and operators', () => {
    expect(shown('a.`b c` := $x ?: "t" ** 1.5e3 != true')).toEqual([
      'name:a',
      'operator:.',
      'name:b c',
      'operator::=',
      'variable:x',
      'operator:?:',
      'string:t',
      'operator:**',
      'number:1.5e3',
      'operator:!=',
      'value:true',
    ])
  })

  test('tells offsets with quotes, and reads escapes', () => {
    expect(tokenize(' "a\\n\\u0041" ').tokens).toEqual([{ type: 'string', value: 'a\nA', from: 1, to: 12 }])
    expect(tokenize('`x`').tokens).toEqual([{ type: 'name', value: 'x', from: 0, to: 3, quoted: true }])
  })

  test('tells a division from a regular expression', () => {
    expect(shown('a / b / c')).toEqual(['name:a', 'operator:/', 'name:b', 'operator:/', 'name:c'])
    expect(shown('$f(/a[/]\\/b/i, 1) / 2')).toContain('regex:a[/]\\/b')
    expect(shown('(a) / [1] / 2').filter((token) => token === 'operator:/')).toHaveLength(2)
  })

  test('passes over comments', () => {
    expect(shown('a /* b "c */ . /**/ d')).toEqual(['name:a', 'operator:.', 'name:d'])
  })

  test.each([
    ['"abc', 0],
    ['a & `b', 4],
    ['a /* b', 2],
    ['$f(/ab', 3],
  ])('says where %s is left open', (source, at) => {
    const { bad } = tokenize(source)
    expect(bad?.at).toBe(at)
    expect(bad?.message).toMatch(/not closed/)
  })
})

describe('laws', () => {
  test('tokens lie in order, and only blanks and comments between them', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (source) => {
        const { tokens, bad } = tokenize(source)
        let at = 0
        for (const token of tokens) {
          expect(source.slice(at, token.from)).toMatch(/^([ \t\n\r\v]|\/\*[^]*?\*\/)*$/)
          expect(token.to).toBeGreaterThan(token.from)
          at = token.to
        }
        if (!bad) expect(source.slice(at)).toMatch(/^([ \t\n\r\v]|\/\*[^]*?\*\/)*$/)
      }),
      { numRuns: 400 },
    )
  })

  test('each position in the tree of jsonata is the end of a token of ours', { timeout: 30_000 }, () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        '.b',
        '$x',
        '"t"',
        "'u'",
        '`q r`',
        '1.5',
        '+',
        '/',
        '[0]',
        '(a)',
        'and',
        '=',
        '??',
        '?:',
        '/r/',
      ],
      ...[
        '{"k": 1}',
        '$map(a, function($i){ $i })',
        '^(a)',
        '**',
        '*',
        '..',
        '/* c */',
        ' ',
        '~>',
        '@$v',
        '%',
        '-',
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        const source = pieces.join(' ')
        let tree: TreeNode
        try {
          tree = jsonata(source).ast() as unknown as TreeNode
        } catch {
          return
        }
        const ends = new Set(tokenize(source).tokens.map((token) => token.to))
        for (const position of positionsIn(tree)) expect(ends, source).toContain(position)
      }),
      { numRuns: 600 },
    )
  })
})

function positionsIn(part: unknown): number[] {
  if (typeof part !== 'object' || part === null || part instanceof RegExp) return []
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'position' && typeof value === 'number' ? [value] : positionsIn(value),
  )
}
