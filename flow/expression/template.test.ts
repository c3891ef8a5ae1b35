import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasTemplate, isSingle, mapTemplate, parseTemplate } from './template'

function sourcesIn(text: string): string[] {
  return parseTemplate(text).flatMap((part) => ('source' in part ? [part.source] : []))
}

describe('parseTemplate', () => {
  test('takes text without templates as it stands', () => {
    expect(parseTemplate('')).toEqual([{ text: '' }])
    expect(parseTemplate('a $5 {b} }')).toEqual([{ text: 'a $5 {b} }' }])
  })

  test('tells sources by their offsets', () => {
    expect(parseTemplate('Hi ${ a.b }!')).toEqual([
      { text: 'Hi ' },
      { source: ' a.b ', from: 5, to: 10 },
      { text: '!' },
    ])
  })

  test.each([
    ['an object', '${ {"a": {"b": 1}} }', ' {"a": {"b": 1}} '],
    ['a brace in a text', '${ {"a": "}"} }', ' {"a": "}"} '],
    ['a brace in a text in single quotes', "${ '}' & \"'}\" }", " '}' & \"'}\" "],
    ['an escaped quote', '${ "\\"}" }', ' "\\"}" '],
    ['a quoted name', '${ a.`}` }', ' a.`}` '],
    ['a comment', '${ a /* } */ }', ' a /* } */ '],
    ['a regular expression', '${ $match(a, /\\}"/) }', ' $match(a, /\\}"/) '],
    ['a division', '${ a / b }', ' a / b '],
    ['a lambda', '${ $map(a, function($x){ {"v": $x} }) }', ' $map(a, function($x){ {"v": $x} }) '],
  ])('finds the end behind %s', (_, text, source) => {
    expect(parseTemplate(text)).toEqual([{ source, from: 2, to: text.length - 1 }])
  })

  test('takes $${ for a literal ${', () => {
    expect(parseTemplate('$${a} ${b} $${')).toEqual([
      { text: '${a} ' },
      { source: 'b', from: 8, to: 9 },
      { text: ' ${' },
    ])
  })

  test('marks a template that is not closed', () => {
    expect(parseTemplate('x ${ a.b')).toEqual([
      { text: 'x ' },
      { source: ' a.b', from: 4, to: 8, unterminated: true },
    ])
    expect(parseTemplate('${')).toEqual([{ source: '', from: 2, to: 2, unterminated: true }])
    expect(parseTemplate('${ {"a": 1 }')).toMatchObject([{ unterminated: true }])
  })

  test('lets an odd quote spoil only its own template', () => {
    expect(sourcesIn('${ "a } and ${b}')).toEqual([' "a ', 'b'])
  })
})

test('isSingle tells a template that is nothing else', () => {
  expect(isSingle(parseTemplate('${a}'))).toBe(true)
  expect(isSingle(parseTemplate(' ${a}'))).toBe(false)
  expect(isSingle(parseTemplate('${a}${b}'))).toBe(false)
  expect(isSingle(parseTemplate('a'))).toBe(false)
})

test('hasTemplate is false only for text that stands for itself', () => {
  expect(hasTemplate('a $ {b}')).toBe(false)
  expect(hasTemplate('${a}')).toBe(true)
  expect(hasTemplate('$${a}')).toBe(true)
})

test('mapTemplate changes sources and nothing else', () => {
  expect(mapTemplate('$${x} ${a} and ${ b }', (source) => source.toUpperCase())).toBe('$${x} ${A} and ${ B }')
})

describe('laws', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom('${', '}', '$', '{', '"', "'", '`', '/', '/*', '*/', '\\', 'a', ' ', '$${', '(', ')'),
      )
      .map((parts) => parts.join('')),
  )

  test('parsing never throws, and parts lie in order within the text', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(texts, (text) => {
        let at = 0
        for (const part of parseTemplate(text)) {
          if ('text' in part) continue
          expect(part.from).toBeGreaterThanOrEqual(at)
          expect(text.slice(part.from, part.to)).toBe(part.source)
          at = part.to
        }
      }),
      { numRuns: 400 },
    )
  })

  test('mapping every source to itself changes nothing', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(mapTemplate(text, (source) => source)).toBe(text)
      }),
    )
  })

  test('text that is escaped comes back as it was', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('$'))
        const escaped = `$\${${text}`
        expect(parseTemplate(escaped)).toEqual([{ text: `\${${text}` }])
      }),
    )
  })
})
