import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import { findIn } from './find'

const flow = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'start', kind: 'start', name: 'Begin' },
    {
      id: 'rate_risk',
      kind: 'agent',
      name: 'Assess',
      config: { instructions: 'Rate the churn risk of ${ trigger.name } with care' },
    },
    {
      id: 'call',
      kind: 'http_request',
      config: { url: 'https://crm.example', headers: { 'X-Key': 'blue' } },
    },
  ],
  notes: [{ id: 'n', text: 'Ask Grace about churn' }],
})
const ids = (words: string) => findIn(flow, words).map((found) => found.id)

describe('findIn', () => {
  it('finds by name, id and kind', () => {
    expect(ids('begin')).toEqual(['start'])
    expect(ids('rate_r')).toEqual(['rate_risk'])
    expect(ids('HTTP')).toEqual(['call'])
  })
  it('finds in values, however deep, and in notes', () => {
    expect(ids('blue')).toEqual(['call'])
    expect(ids('churn')).toEqual(['rate_risk', 'note:n'])
  })
  it('says in which field and shows the words around', () => {
    expect(findIn(flow, 'churn')[0]).toMatchObject({
      name: 'Assess',
      where: expect.stringMatching(/^instructions: .*churn risk/),
    })
  })
  it('finds nothing for nothing', () => {
    expect(ids('  ')).toEqual([])
  })
})
