import { expect, test } from 'vitest'
import { heard, type Spoken, type TalkLine } from './talk'

const after = (...spoken: Spoken[]) => spoken.reduce<TalkLine[]>(heard, [{ kind: 'user', text: 'Balance?' }])
const call = { id: 'c1', tool: 'balance', arguments: { account: '1' } }
const result = { status: 'success', balance: 7 }

test('pieces of a text grow one line, which ends with the answer', () => {
  const spoken: Spoken[] = [
    { kind: 'text', chunk: 'It ' },
    { kind: 'text', chunk: 'is 7.' },
  ]
  expect(after(...spoken).slice(1)).toEqual([{ kind: 'assistant', text: 'It is 7.', isWriting: true }])
  const end: Spoken = { kind: 'end', turns: [], model: 'offline', tokens: 1 }
  expect(after(...spoken, end).slice(1)).toEqual([{ kind: 'assistant', text: 'It is 7.', isWriting: false }])
})

test('a call has its result when it is there, and text after it is a line of its own', () => {
  const lines = after(
    { kind: 'text', chunk: 'Let me look.' },
    { kind: 'calls', calls: [call] },
    { kind: 'called', call: 'c1', run: 'r1', flow: 'balance', result },
    { kind: 'text', chunk: 'It is 7.' },
  )
  expect(lines.slice(1)).toEqual([
    { kind: 'assistant', text: 'Let me look.', isWriting: false },
    { kind: 'call', ...call, called: { run: 'r1', flow: 'balance', result } },
    { kind: 'assistant', text: 'It is 7.', isWriting: true },
  ])
})

test('two calls of the same id, in two rounds, are kept apart', () => {
  const called: Spoken = { kind: 'called', call: 'c1', run: null, flow: null, result }
  const lines = after({ kind: 'calls', calls: [call] }, called, { kind: 'calls', calls: [call] })
  expect(lines.slice(1)).toMatchObject([{ called: { result } }, { called: null }])
})
