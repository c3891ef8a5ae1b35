import { describe, expect, test } from 'vitest'
import type { Json } from '@/flow/json'
import type { BodyWait, PassResult, Resolution, RunsWait, Slice } from '@/flow/kind'
import { doneOf, perform, resume } from '../testing/perform'

const config = { items: 'input.list' }
const at = '2026-03-01T12:00:00.000Z'

const itemsOf = async (list: Json) => {
  const { outcome } = await perform(
    'for_each',
    { items: '$exists(input.list) ? input.list' },
    { input: { list } },
  )
  return outcome.type === 'each' ? outcome.items : doneOf(outcome).output
}

describe('the items', () => {
  test.each([
    [
      [1, 2],
      [1, 2],
    ],
    [[], []],
    [null, []],
    ['one', ['one']],
    [{ id: 1 }, [{ id: 1 }]],
  ])('of %j are %j', async (list, items) => {
    expect(await itemsOf(list)).toEqual(items)
  })

  test('are gone over as the settings say', async () => {
    const { outcome } = await perform(
      'for_each',
      { ...config, atOnce: 3, onItemError: 'skip', mode: 'spread' },
      { input: { list: [1] } },
    )
    expect(outcome).toEqual({ type: 'each', items: [1], atOnce: 3, onItemError: 'skip', mode: 'spread' })
  })

  test('are refused when one run could not hold them', async () => {
    const given = { input: { list: Array.from({ length: 5_001 }, (_, index) => index) } }
    await expect(perform('for_each', config, given)).rejects.toMatchObject({ code: 'too_many_items' })
    const { outcome } = await perform('for_each', { ...config, mode: 'spread' }, given)
    expect(outcome.type).toBe('each')
  })
})

describe('what they came to', () => {
  const results: PassResult[] = [
    { output: 'a' },
    { error: { code: 'boom', message: 'Bang.', step: 'each[1]/step' } },
    { output: 'c' },
  ]
  const body: BodyWait = { for: 'body', items: [1, 2, 3], first: 0, atOnce: 10, onItemError: 'stop' }
  const after = (onItemError: string, passes: PassResult[]) =>
    resume('for_each', { ...config, onItemError }, body, [{ by: 'body', at, results: passes }])

  test('is the list of their outputs', async () => {
    expect(doneOf(await after('stop', [{ output: 1 }, { output: null }]))).toEqual({
      port: 'done',
      output: [1, null],
    })
  })

  test('leaves the failed ones out, or tells of them', async () => {
    expect(doneOf(await after('skip', results)).output).toEqual(['a', 'c'])
    expect(doneOf(await after('collect', results)).output).toEqual([
      'a',
      { error: { code: 'boom', message: 'Bang.' } },
      'c',
    ])
  })

  test('is the error of the one that failed', async () => {
    await expect(after('stop', results)).rejects.toMatchObject({
      code: 'boom',
      retryable: false,
      details: { step: 'each[1]/step' },
    })
  })
})

describe('items that were spread', () => {
  const slice: Slice = { items: [1, 2], first: 0, atOnce: 1, onItemError: 'collect' }
  const wait: RunsWait = { for: 'runs', calls: [{ slice }, { slice: { ...slice, first: 2 } }], atOnce: 2 }
  const ended = (call: number, output: Json): Resolution => ({
    by: 'run',
    at,
    call,
    run: `r${call}`,
    status: 'completed',
    output,
  })
  const spread = { ...config, mode: 'spread', onItemError: 'collect' }

  test('come back in their order, whichever run was first', async () => {
    const second = ended(1, [{ error: { code: 'boom', message: 'Bang.' } }, { output: 4 }])
    const outcome = await resume('for_each', spread, wait, [second, ended(0, [{ output: 1 }, { output: 2 }])])
    expect(doneOf(outcome).output).toEqual([1, 2, { error: { code: 'boom', message: 'Bang.' } }, 4])
  })

  test('are waited for again when some were not done', async () => {
    expect(await resume('for_each', spread, wait, [ended(0, [])])).toEqual({ type: 'wait', wait })
  })

  test('fail with the run that failed', async () => {
    const failed: Resolution = {
      ...{ by: 'run', at, call: 0, run: 'r0', status: 'failed', output: null },
      error: { code: 'boom', message: 'Bang.', step: 'each[0]/a' },
    }
    await expect(resume('for_each', spread, wait, [failed])).rejects.toMatchObject({
      code: 'boom',
      details: { run: 'r0', step: 'each[0]/a' },
    })
  })
})
