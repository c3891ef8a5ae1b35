import { expect, test } from 'vitest'
import { perform } from '../testing/perform'

test.each([
  [{}, { type: 'end', status: 'completed', output: { n: 1 }, httpStatus: 200 }],
  [{ output: null }, { type: 'end', status: 'completed', output: null, httpStatus: 200 }],
  [
    { output: { ok: true, n: '${input.n}' }, httpStatus: 201 },
    { type: 'end', status: 'completed', output: { ok: true, n: 1 }, httpStatus: 201 },
  ],
  [
    { output: 1, status: 'success', guidance: 'Say ${input.n}.', next: 'offer_help' },
    {
      type: 'end',
      status: 'completed',
      output: 1,
      httpStatus: 200,
      steering: { status: 'success', guidance: 'Say 1.', next: 'offer_help' },
    },
  ],
])('%j ends the run', async (config, outcome) => {
  expect((await perform('complete', config, { input: { n: 1 } })).outcome).toEqual(outcome)
})
