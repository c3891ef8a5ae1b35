import { describe, expect, test } from 'vitest'
import { contextOf, costOf, priceOf } from './prices'

const openai = (id: string, name = `openai/${id}`) => ({ name, kind: 'openai' as const, id })

describe('the price of a model', () => {
  test('is the shipped one of its kind, whatever the provider is called here', () => {
    expect(priceOf([], openai('gpt-4o-mini'))).toEqual({ input: 0.15, output: 0.6 })
    expect(priceOf([], openai('gpt-4o-mini', 'work/gpt-4o-mini'))).toEqual({ input: 0.15, output: 0.6 })
  })

  test('counts for its dated editions, but not for another model whose name begins so', () => {
    expect(priceOf([], openai('gpt-4o-2024-08-06'))).toEqual({ input: 2.5, output: 10 })
    expect(priceOf([], { name: 'a/c', kind: 'anthropic', id: 'claude-haiku-4-5-20251001' })?.input).toBe(1)
    expect(priceOf([], openai('gpt-4o-audio-preview'))).toBeNull()
  })

  test('is not known of servers that anybody may run', () => {
    expect(priceOf([], { name: 'openai/gpt-4o', kind: 'compatible', id: 'gpt-4o' })).toBeNull()
  })

  test('is the workspace’s own first, by name, then by the longest beginning', () => {
    const own = [
      { model: 'openai/*', input: 1, output: 1 },
      { model: 'openai/gpt-*', input: 2, output: 2 },
      { model: 'openai/gpt-4o', input: 3, output: 3 },
    ]
    expect(priceOf(own, openai('gpt-4o'))?.input).toBe(3)
    expect(priceOf(own, openai('gpt-4o-mini'))?.input).toBe(2)
    expect(priceOf(own, openai('o3'))?.input).toBe(1)
  })
})

describe('how much a model holds', () => {
  test('is as it was shipped, until the workspace says otherwise', () => {
    expect(contextOf([], openai('gpt-4o-2024-08-06'))).toBe(128_000)
    const own = [
      { model: 'openai/gpt-4o', input: 3, output: 3, context: null },
      { model: 'openai/*', input: 1, output: 1, context: 9_000 },
    ]
    expect(contextOf(own, openai('gpt-4o'))).toBe(9_000)
    expect(contextOf(own.slice(0, 1), openai('gpt-4o'))).toBe(128_000)
  })

  test('is not known of servers that anybody may run', () => {
    expect(contextOf([], { name: 'ollama/llama3', kind: 'compatible', id: 'llama3' })).toBeNull()
  })
})

test('a cost is in dollars', () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 500_000 }
  expect(costOf(usage, { input: 0.15, output: 0.6 })).toBeCloseTo(0.45)
})
