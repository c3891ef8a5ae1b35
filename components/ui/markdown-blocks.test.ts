import { describe, expect, it } from 'vitest'
import { parseMarkdown } from './markdown-blocks'

describe('parseMarkdown', () => {
  it('reads headings, paragraphs, lists, quotes, code and rules', () => {
    const blocks = parseMarkdown(
      '# Title\n\nSome *soft* and **hard** words\n\n- one\n- [x] two\n\n1. first\n\n> said\n\n```\na < b\n```\n---',
    )
    expect(blocks.map((block) => block.type)).toEqual([
      'heading',
      'paragraph',
      'list',
      'list',
      'quote',
      'code',
      'rule',
    ])
    expect(blocks[2]).toMatchObject({ ordered: false, items: [{ checked: null }, { checked: true }] })
  })

  it('keeps HTML as plain text', () => {
    expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([
      { type: 'paragraph', children: [{ type: 'text', text: '<img src=x onerror=alert(1)>' }] },
    ])
  })

  it('makes links of web addresses only', () => {
    expect(parseMarkdown('[ok](https://a.example/x)')[0]).toMatchObject({
      children: [{ type: 'link', href: 'https://a.example/x' }],
    })
    expect(parseMarkdown('[no](javascript:alert(1))')[0]).toMatchObject({
      children: [
        { type: 'text', text: '[no](javascript:alert(1)' },
        { type: 'text', text: ')' },
      ],
    })
  })

  it('returns for any text, however long and odd', () => {
    expect(parseMarkdown('*'.repeat(20_000)).length).toBeGreaterThan(0)
    expect(parseMarkdown('[a]('.repeat(5_000)).length).toBeGreaterThan(0)
  })

  it('reads tables, whatever rows lack', () => {
    expect(parseMarkdown('| a | b |\n|---|:-:|\n| 1 | **2** |\n| 3 |\n\nafter')).toEqual([
      {
        type: 'table',
        head: [[{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }]],
        rows: [
          [[{ type: 'text', text: '1' }], [{ type: 'strong', children: [{ type: 'text', text: '2' }] }]],
          [[{ type: 'text', text: '3' }], []],
        ],
      },
      { type: 'paragraph', children: [{ type: 'text', text: 'after' }] },
    ])
  })

  it('puts items that are drawn in below the one before', () => {
    expect(parseMarkdown('- a\n  1. b\n  2. c\n- d')).toMatchObject([
      { items: [{ nested: [{ ordered: true, items: [{}, {}] }] }, { nested: [] }] },
    ])
  })

  it('keeps the lines of a quote together', () => {
    expect(parseMarkdown('> a\n> b')).toEqual([{ type: 'quote', children: [{ type: 'text', text: 'a\nb' }] }])
  })

  it('leaves the end of a sentence out of an address', () => {
    expect(parseMarkdown('See https://a.example/x. Now')[0]).toMatchObject({
      children: [{ text: 'See ' }, { href: 'https://a.example/x' }, { text: '. Now' }],
    })
  })

  it.each(['[', '*', '`a', '**a', '__', '_a', '~~', '# ', '|-', '> ', '- ', 'https://a.b..'])(
    'reads a hundred thousand characters of %s in good time',
    (piece) => {
      const startedAt = performance.now()
      parseMarkdown(piece.repeat(Math.ceil(100_000 / piece.length)))
      parseMarkdown(`a|b\n${piece.repeat(Math.ceil(100_000 / piece.length))}x`)
      expect(performance.now() - startedAt).toBeLessThan(2_000)
    },
  )
})
