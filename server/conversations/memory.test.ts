import { describe, expect, test } from 'vitest'
import { summaryOf } from './memory'

const user = (text: string) => ({ role: 'user' as const, text })
const assistant = (text: string) => ({ role: 'assistant' as const, text })

describe('the summary of a conversation', () => {
  test('is what was said, as long as that is one thing', () => {
    expect(summaryOf([])).toBe('')
    expect(summaryOf([user('Add task: review the plan'), assistant('Added.')])).toBe(
      'Add task: review the plan',
    )
  })

  test('tells short replies with what they reply to', () => {
    const talk = [
      user('Hello'),
      assistant('Your **name**?'),
      user('Ana'),
      assistant('Welcome. Your town?'),
      user('Oslo'),
    ]
    expect(summaryOf(talk)).toBe('Hello. Your name: Ana. Welcome. Your town: Oslo.')
  })

  test('keeps what matters of a long one, in the order in which it was said', () => {
    const talk = [
      user('I want to return the blue bike that I bought in May, order 4711.'),
      assistant('I am sorry to hear that.'),
      ...Array.from({ length: 20 }, (_, n) => [
        user(`Small talk number ${'x'.repeat(n)}.`),
        assistant('I see.'),
      ]).flat(),
      user('When will the money for the bike be returned?'),
      assistant('The money for order 4711 is returned within 5 days.'),
    ]
    const summary = summaryOf(talk)
    expect(summary).toMatch(/blue bike.*order 4711.*within 5 days/)
    expect(summary.split('. ').length).toBeLessThanOrEqual(4)
    expect(summaryOf(talk)).toBe(summary)
  })

  test('is no longer than a few lines, whatever was said', () => {
    const long = `${'A very long word '.repeat(200)}.`
    expect(summaryOf([user(long), user(long), assistant(long)]).length).toBeLessThanOrEqual(600)
  })
})
