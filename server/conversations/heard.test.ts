import { describe, expect, test } from 'vitest'
import type { Json } from '@/flow/json'
import type { NewEvent, RunEvent } from '@/flow/run/event'
import { newsOf } from './heard'

const at = '2026-03-01T12:00:00.000Z'
const history = (...events: NewEvent[]): RunEvent[] =>
  events.map((event, index) => ({ ...event, seq: index + 5, at }))
const nothing = { asks: [], going: true }

const asks = (step: string, title: string, by: 'chat' | 'form' = 'chat'): NewEvent => ({
  type: 'step_waiting',
  step,
  data: { wait: { for: 'answer', title, ...(by === 'chat' ? { channel: by } : {}) } },
})
const answered = (step: string): NewEvent => ({
  type: 'answer_received',
  step,
  data: { resolution: { by: 'answer', at, answer: 'x' } },
})
const completed = (output: string, steering?: { status: string }): NewEvent => ({
  type: 'run_completed',
  data: { output, ...(steering ? { steering } : {}) },
})

test('a question is said, and is open until it is answered', () => {
  const first = newsOf(nothing, history(asks('name', 'Your name?')), 'Hello')
  expect(first).toMatchObject({ spoken: [{ event: 5, text: 'Your name?' }], going: true, lastSeq: 5 })
  expect(first.asks).toMatchObject([{ step: 'name', seq: 5, title: 'Your name?' }])
  const second = newsOf(first, history(answered('name')), 'Ana')
  expect(second).toMatchObject({ asks: [], spoken: [] })
})

test('of two questions the one that was asked first is first', () => {
  const news = newsOf(nothing, history(asks('a', 'A?'), asks('b', 'B?')), null)
  expect(news.asks.map((ask) => ask.step)).toEqual(['a', 'b'])
  expect(
    newsOf(news, history(answered('a'), asks('a', 'Again?')), null).asks.map((ask) => ask.title),
  ).toEqual(['B?', 'Again?'])
})

describe('an answer that was given elsewhere', () => {
  const given = (answer: Json): NewEvent => ({
    type: 'answer_received',
    step: 'name',
    data: { resolution: { by: 'answer', at, answer, person: 'ben@example.com', elsewhere: true } },
  })
  const saidBy = (...events: NewEvent[]) =>
    newsOf(nothing, history(...events), 'Hello').spoken.map(({ role, text }) => `${role}: ${text}`)

  test('is said by the user, where it came', () => {
    expect(saidBy(asks('name', 'Name?'), given('Ana'), asks('town', 'Town?'))).toEqual([
      'assistant: Name?',
      'user: Ana',
      'assistant: Town?',
    ])
  })

  test.each([
    ['yes', 'yes'],
    [{ decision: 'yes' }, 'yes'],
    [{ decision: 'no', comment: 'too dear' }, 'no: too dear'],
    [{ name: 'Ana', ages: [1, 2] }, 'name: Ana\nages: [1,2]'],
    [17, '17'],
  ])('%j is written as a person would', (answer, text) => {
    expect(saidBy(given(answer))).toEqual([`user: ${text}`])
  })

  test('is not said again by a run that yields it', () => {
    expect(saidBy(given('Ana'), completed('Ana'))).toEqual(['user: Ana'])
    expect(saidBy(given('Ana'), completed('Hello'))).toEqual(['user: Ana', 'assistant: Hello'])
  })
})

test('a form is not part of the conversation', () => {
  expect(newsOf(nothing, history(asks('a', 'A?', 'form')), null)).toMatchObject({ asks: [], spoken: [] })
})

describe('the end', () => {
  test('says what the run yields, with how the talk goes on', () => {
    expect(
      newsOf(nothing, history(asks('a', 'A?'), completed('Done', { status: 'ok' })), null),
    ).toMatchObject({
      asks: [],
      going: false,
      spoken: [{ text: 'A?' }, { text: 'Done', result: { status: 'ok' } }],
    })
  })

  test('does not repeat what the user said', () => {
    expect(newsOf(nothing, history(completed('Ana')), ' Ana ').spoken).toEqual([])
  })

  test('by a failure is told without its cause, which is kept beside', () => {
    const error = { code: 'model_no_key', message: 'No key.', step: 'agent', attempt: 1 }
    expect(newsOf(nothing, history({ type: 'run_failed', data: { error } }), null)).toMatchObject({
      going: false,
      spoken: [
        {
          text: expect.not.stringContaining('key'),
          result: { error: { code: 'model_no_key', message: 'No key.', step: 'agent' } },
        },
      ],
    })
  })

  test('by a person is told, and a run that is continued goes on', () => {
    const over = newsOf(nothing, history({ type: 'run_cancelled', data: {} }), null)
    expect(over).toMatchObject({ going: false, spoken: [{ result: { status: 'cancelled' } }] })
    expect(newsOf(over, history({ type: 'run_continued', data: {} }), null).going).toBe(true)
  })
})

test('what is put into the state is gathered', () => {
  const change = (patch: { [name: string]: number }): NewEvent => ({ type: 'state_changed', data: { patch } })
  expect(newsOf(nothing, history(change({ a: 1, b: 1 }), change({ a: 2 })), null).patch).toEqual({
    a: 2,
    b: 1,
  })
})
