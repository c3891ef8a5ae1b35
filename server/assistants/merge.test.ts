import { describe, expect, test } from 'vitest'
import { merge } from './merge'
import { switched } from './testing/flows'

const balance = switched({ id: 'balance_inquiry', name: 'Balance inquiry', description: 'Tells a balance.' })
const card = switched({
  id: 'card_replacement',
  name: 'Card replacement',
  description: 'Not said, for there is an instruction.',
  nodes: [
    { id: 'start', kind: 'start', config: { instruction: 'Ask which card it is.' } },
    { id: 'end', kind: 'complete' },
  ],
})
const namesOf = (merged: ReturnType<typeof merge>) => merged.tools.map(({ name }) => name)

test('tools come in the order of the flows, and only of those that are on', () => {
  expect(namesOf(merge('', [card, balance], undefined))).toEqual(['card_replacement', 'balance_inquiry'])
  expect(namesOf(merge('', [{ ...card, active: false }, balance], undefined))).toEqual(['balance_inquiry'])
})

test('the instruction is the assistant’s own, then each flow’s, then how to read results', () => {
  const { instruction } = merge(' You work for a bank. ', [card, balance], undefined)
  expect(instruction.split('\n\n')).toEqual([
    'You work for a bank.',
    '## Card replacement',
    'Ask which card it is.',
    'Functions: `card_replacement`.',
    '## Balance inquiry',
    'Tells a balance.',
    'Functions: `balance_inquiry`.',
    expect.stringContaining('`prompt_guidance`'),
  ])
})

test('without flows the instruction is the assistant’s own, and nothing else', () => {
  expect(merge('Be kind.', [], undefined)).toMatchObject({ instruction: 'Be kind.', tools: [] })
  expect(merge('', [{ ...card, active: false }], undefined).instruction).toBe('')
})

test('starts of one flow that say the same say it once', () => {
  const config = { instruction: 'Be brief.' }
  const flow = switched({
    id: 'bundle',
    nodes: [
      { id: 'one', kind: 'start', config },
      { id: 'two', kind: 'start', config },
    ],
    edges: [],
  })
  expect(merge('', [flow], undefined).instruction).toMatch(
    /^## bundle\n\nBe brief\.\n\nFunctions: `one`, `two`/,
  )
})

describe('for a kind of user', () => {
  const premium = { ...card, active: false, userKinds: ['premium', 'gold'] }

  test.each([
    [undefined, ['balance_inquiry']],
    ['basic', ['balance_inquiry']],
    ['premium', ['card_replacement', 'balance_inquiry']],
    ['gold', ['card_replacement', 'balance_inquiry']],
  ])('%s the flows %j are on', (kind, names) => {
    expect(namesOf(merge('', [premium, balance], kind))).toEqual(names)
  })
})

describe('two functions of one name', () => {
  const other = switched({
    id: 'other',
    nodes: [
      { id: 'start', kind: 'start', config: { tool: 'balance_inquiry' } },
      { id: 'end', kind: 'complete' },
    ],
  })

  test('are told, and the first keeps it', () => {
    const merged = merge('', [balance, other], undefined)
    expect(merged.tools).toMatchObject([{ name: 'balance_inquiry', flow: 'balance_inquiry' }])
    expect(merged.clashes).toMatchObject([{ tool: { flow: 'other' }, with: { flow: 'balance_inquiry' } }])
  })

  test('are no clash while one of the flows is off', () => {
    expect(merge('', [{ ...balance, active: false }, other], undefined).clashes).toEqual([])
  })
})

test('a flow that was archived offers nothing', () => {
  expect(merge('', [{ ...card, document: null }, balance], undefined)).toMatchObject({
    flows: [{ flow: 'balance_inquiry' }],
    tools: [{ name: 'balance_inquiry' }],
  })
})
