import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '@/flow/json'
import type { Outcome, Resolution, Wait } from '@/flow/kind'
import { nodeSchema, documentSchema } from '@/flow/document'
import { perform, resume } from '../testing/perform'
import { definition } from './definition'

const at = '2026-03-01T13:00:00.000Z'
const later = '2026-03-01T14:00:00.000Z'

function answer(person: string | undefined, given: Json, time = at): Resolution {
  return { by: 'answer', at: time, answer: given, ...(person ? { person } : {}) }
}

async function decide(config: JsonObject, ...resolutions: Resolution[]): Promise<Outcome> {
  const wait: Wait = { for: 'answer', title: 'x', deadline: '2026-03-02T12:00:00.000Z' }
  return resume('approval', { title: 'Approve?', ...config }, wait, resolutions)
}

function decision(port: string, by: string | null, comment: string | null = null, time = at): Outcome {
  return { type: 'done', port, output: { decision: port, by, comment, at: time } }
}

const stillWaiting = expect.objectContaining({
  type: 'wait',
  wait: { for: 'answer', title: 'x', deadline: '2026-03-02T12:00:00.000Z' },
})

test('people are asked, with a deadline', async () => {
  const { outcome } = await perform(
    'approval',
    {
      title: 'Discount for ${input.name}',
      message: 'See **why**',
      people: ['${input.boss}', ' '],
      timeout: 'P1D',
    },
    { input: { name: 'Acme', boss: 'ana@example.com' } },
  )
  expect(outcome).toEqual({
    type: 'wait',
    wait: {
      for: 'answer',
      title: 'Discount for Acme',
      message: 'See **why**',
      choices: ['approved', 'rejected'],
      people: ['ana@example.com'],
      deadline: '2026-03-02T12:00:00.000Z',
    },
  })
})

test('each of the people is sent a link, when that is wanted', async () => {
  const asked = async (config: JsonObject) =>
    (await perform('approval', { title: 'Go?', mail: true, ...config }, { input: { boss: '' } })).outcome
  expect(await asked({ people: ['ana@example.com'] })).toMatchObject({ wait: { mail: true } })
  // Nobody is named after all.
  expect(await asked({ people: ['${input.boss}'] })).not.toHaveProperty('wait.mail')
})

describe('one of them', () => {
  test('decides by the first answer', async () => {
    expect(await decide({}, answer('ana@example.com', { decision: 'approved', comment: 'fine' }))).toEqual(
      decision('approved', 'ana@example.com', 'fine'),
    )
    expect(
      await decide({}, answer('ana@example.com', 'rejected'), answer('ben@example.com', 'approved')),
    ).toEqual(decision('rejected', 'ana@example.com'))
    expect(await decide({}, answer(undefined, 'approved'))).toEqual(decision('approved', null))
  })

  test('is not decided by something that is no answer, or by somebody who was not asked', async () => {
    expect(await decide({}, answer('ana@example.com', 'maybe'), answer('ana@example.com', null))).toEqual(
      stillWaiting,
    )
    expect(await decide({ people: ['ana@example.com'] }, answer('eve@example.com', 'approved'))).toEqual(
      stillWaiting,
    )
    expect(await decide({ people: ['Ana@example.com'] }, answer('ana@Example.com', 'approved'))).toEqual(
      decision('approved', 'ana@Example.com'),
    )
  })
})

describe('all of them', () => {
  const all = { rule: 'all', people: ['a@x', 'b@x'] }
  test('must approve', async () => {
    expect(await decide(all, answer('a@x', 'approved'))).toEqual(stillWaiting)
    expect(await decide(all, answer('a@x', 'approved'), answer('b@x', 'approved', later))).toEqual(
      decision('approved', 'b@x', null, later),
    )
  })

  test('are stopped by one refusal', async () => {
    expect(await decide(all, answer('b@x', 'rejected'))).toEqual(decision('rejected', 'b@x'))
  })

  test('are counted once each', async () => {
    expect(await decide(all, answer('a@x', 'approved'), answer('a@x', 'approved'))).toEqual(stillWaiting)
  })
})

describe('a number of them', () => {
  const two = { rule: { count: 2 }, people: ['a@x', 'b@x', 'c@x'] }
  test('is enough', async () => {
    expect(await decide(two, answer('a@x', 'approved'), answer('b@x', 'rejected'))).toEqual(stillWaiting)
    expect(
      await decide(two, answer('a@x', 'approved'), answer('b@x', 'rejected'), answer('c@x', 'approved')),
    ).toEqual(decision('approved', 'c@x'))
  })

  test('is rejected once it can no longer be reached', async () => {
    expect(await decide(two, answer('a@x', 'rejected'), answer('b@x', 'rejected'))).toEqual(
      decision('rejected', 'b@x'),
    )
  })

  test('works among anyone too', async () => {
    const anyone = { rule: { count: 2 } }
    expect(await decide(anyone, answer('a@x', 'approved'))).toEqual(stillWaiting)
    expect(await decide(anyone, answer('a@x', 'approved'), answer('z@x', 'approved'))).toEqual(
      decision('approved', 'z@x'),
    )
  })
})

test('when the time is over it is timed out, whatever comes after', async () => {
  const over: Resolution = { by: 'deadline', at: later }
  const out = {
    type: 'done',
    port: 'timed_out',
    output: { decision: 'timed_out', by: null, comment: null, at: later },
  }
  expect(await decide({}, over)).toEqual(out)
  expect(await decide({}, over, answer('a@x', 'approved'))).toEqual(out)
  expect(await decide({}, answer('a@x', 'approved'), over)).toEqual(decision('approved', 'a@x'))
})

test.each([
  [{ rule: 'all' }, 'required'],
  [{ rule: { count: 3 }, people: ['a@x'] }, 'count_too_high'],
  [{ mail: true }, 'required'],
  [{ timeout: 'soon' }, 'duration_invalid'],
])('%j has the problem %s', (config, code) => {
  const node = nodeSchema.parse({ id: 'n', kind: 'approval' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const parsed = definition.config.parse({ title: 'x', ...config })
  expect(definition.check?.(parsed, node, document)).toMatchObject([{ code }])
})
