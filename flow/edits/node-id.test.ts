import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentSchema, nodeIdSchema } from '../document'
import { freshCopyId, freshNodeId, slugOf } from './node-id'

const holding = (...ids: string[]) =>
  documentSchema.parse({ millrace: 1, id: 'f', nodes: ids.map((id) => ({ id, kind: 'step' })) })

describe('ids of new nodes', () => {
  it.each([
    ['Assess risk!', 'assess_risk'],
    ['  Čaj & káva  ', 'caj_kava'],
    ['3rd try', 'rd_try'],
    ['日本', 'step'],
    ['', 'step'],
  ])('makes an id of %j', (words, id) => {
    expect(slugOf(words)).toBe(id)
  })

  it('numbers what is taken, or promised elsewhere', () => {
    expect(freshNodeId(holding('call', 'call_2'), 'Call')).toBe('call_3')
    expect(freshNodeId(holding('call'), 'Call', new Set(['call_2']))).toBe('call_3')
  })

  it('counts a copy on from the number that its original has, capitals and all', () => {
    const id = (text: string) => nodeIdSchema.parse(text)
    expect(freshCopyId(holding('callAPI', 'callAPI_2'), id('callAPI_2'))).toBe('callAPI_3')
    expect(freshCopyId(holding(), id('callAPI'))).toBe('callAPI')
  })

  it('is an id that is free, whatever the words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (words) => {
        const base = slugOf(words)
        const document = holding(base)
        const id = freshNodeId(document, words)
        expect(nodeIdSchema.safeParse(id).success).toBe(true)
        expect(id).not.toBe(base)
      }),
    )
  })
})
