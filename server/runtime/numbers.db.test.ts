import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRunNumbers } from './numbers'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

let bench: TestRuntime
beforeAll(async () => (bench = await testRuntime()))
afterAll(() => bench.close())

const workspaceId = 'workspace_of_tests'

async function take(numbers: ReturnType<typeof createRunNumbers>, flow: string, count: number) {
  const taken: number[] = []
  for (let n = 0; n < count; n++) taken.push(await numbers.next(workspaceId, flow))
  return taken
}

test('a flow that is started often and then rarely counts without gaps', async () => {
  let ms = 0
  const numbers = createRunNumbers(bench.t.db, () => ms)
  expect(await take(numbers, 'gaps', 20)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  ms += 10_000
  expect(await take(numbers, 'gaps', 1)).toEqual([21])
  ms += 10_000
  expect(await take(numbers, 'gaps', 3)).toEqual([22, 23, 24])
})

test('numbers left over are not given back once somebody else took some, so that none is given twice', async () => {
  let ms = 0
  const ours = createRunNumbers(bench.t.db, () => ms)
  const theirs = createRunNumbers(bench.t.db, () => ms)
  const first = await take(ours, 'two', 20)
  const second = await take(theirs, 'two', 5)
  ms += 10_000
  const third = await Promise.all(Array.from({ length: 40 }, (_, n) => take(n % 2 ? ours : theirs, 'two', 1)))
  const all = [...first, ...second, ...third.flat()]
  expect(new Set(all).size).toBe(all.length)
})
