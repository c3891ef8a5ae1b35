import { afterAll, expect, test } from 'vitest'
import { createServices } from '@/server/services'
import { doneOf, perform } from '../testing/perform'

const source = createServices({ env: {} })
const services = source('workspace')
afterAll(() => source.close())

test('the code is given the values of the run, and what it returns is the output', async () => {
  const { outcome, logs } = await perform(
    'code',
    {
      source: 'console.log("at", new Date().toISOString())\nreturn [input.n + 1, steps.a, state.b, trigger]',
    },
    { input: { n: 1 }, steps: { a: 'A' }, state: { b: 'B' }, trigger: 'T', services },
  )
  expect(doneOf(outcome).output).toEqual([2, 'A', 'B', 'T'])
  expect(logs).toEqual(['info at 2026-03-01T12:00:00.000Z'])
})

test('templates in code are left alone', async () => {
  const { outcome } = await perform('code', { source: 'return `${input}!`' }, { input: 'hey', services })
  expect(doneOf(outcome).output).toBe('hey!')
})

test('an error says its line', async () => {
  await expect(perform('code', { source: 'const a = 1\na.b.c' }, { services })).rejects.toMatchObject({
    code: 'code_error',
    details: { line: 2 },
  })
})
