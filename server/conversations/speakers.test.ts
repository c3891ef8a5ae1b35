import { expect, test } from 'vitest'
import { documentSchema } from '@/flow/document'
import { kinds } from '@/nodes/definitions'
import { speakersOf } from './speakers'

test('steps whose output is what is said are heard, the others are not', () => {
  const document = documentSchema.parse({
    millrace: 1,
    id: 'f',
    nodes: [
      { id: 'chat', kind: 'chat' },
      { id: 'analyse', kind: 'agent' },
      { id: 'question', kind: 'agent' },
      { id: 'ask', kind: 'ask', config: { question: '${ input }', channel: 'chat' } },
      { id: 'verdict', kind: 'agent' },
      { id: 'secret', kind: 'agent' },
      { id: 'done', kind: 'complete', config: { output: 'Thanks.' } },
      { id: 'advice', kind: 'agent' },
      { id: 'finish', kind: 'complete', config: { output: '${steps.advice}' } },
      { id: 'last', kind: 'agent' },
    ],
    edges: [
      { from: 'chat', to: 'analyse' },
      { from: 'analyse', to: 'question' },
      { from: 'question', to: 'ask' },
      { from: 'ask', port: 'answered', to: 'verdict' },
      { from: 'verdict', to: 'secret' },
      { from: 'secret', to: 'done' },
      { from: 'verdict', to: 'advice' },
      { from: 'advice', to: 'finish' },
      { from: 'verdict', to: 'last' },
    ],
  })
  expect([...speakersOf(document, kinds)]).toEqual(['question', 'done', 'advice', 'finish', 'last'])
})
