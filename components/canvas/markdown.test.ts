import { describe, expect, it } from 'vitest'
import { parseMarkdown } from './markdown'

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
})
