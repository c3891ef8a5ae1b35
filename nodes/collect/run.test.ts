import { describe, expect, test } from 'vitest'
import { documentSchema, nodeSchema } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import { offline, scripted } from '../testing/models'
import { doneOf } from '../testing/perform'
import { talk } from '../testing/talk'
import { definition } from './definition'

const fields: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string', title: 'Name', description: 'What is your name?' },
    email: { type: 'string', format: 'email', title: 'E-mail' },
    seats: { type: 'integer', minimum: 1, maximum: 50, title: 'Seats' },
    note: { type: 'string', title: 'Note' },
  },
  required: ['name', 'email', 'seats'],
}

describe('a conversation', () => {
  test('asks for what is missing, one field at a time, and has all of it confirmed', async () => {
    const { services, asked } = scripted(
      { name: 'Ana', note: 'soon' },
      { email: 'ana@example.com' },
      { seats: 5 },
    )
    const talking = talk('collect', { fields }, { input: 'I am Ana and need it soon', services })
    await talking.begin()
    await talking.say('ana@example.com')
    await talking.say('five')
    expect(talking.heard).toEqual([
      'What is your e-mail?',
      'Please tell me: seats.',
      'Is this right?\n\n- **Name**: Ana\n- **E-mail**: ana@example.com\n- **Seats**: 5\n- **Note**: soon',
    ])
    expect(doneOf(await talking.say('Yes.'))).toEqual({
      port: 'done',
      output: { name: 'Ana', note: 'soon', email: 'ana@example.com', seats: 5 },
    })
    expect(asked).toHaveLength(3)
    expect(asked[1]?.prompt).toEqual([
      { role: 'user', text: 'Hello' },
      { role: 'assistant', text: 'What is your e-mail?' },
      { role: 'user', text: 'ana@example.com' },
    ])
    expect(asked[1]?.system).toContain('Known so far: {"name":"Ana","note":"soon"}')
  })

  test('says why a value does not fit, and asks again', async () => {
    const { services } = scripted({ name: 'Ana', email: 'ana' }, { email: 'ana@example.com' }, { seats: 500 })
    const talking = talk('collect', { fields }, { input: 'Ana, ana', services })
    await talking.begin()
    await talking.say('ana@example.com')
    await talking.say('500')
    expect(talking.heard).toEqual([
      '“ana” is no e-mail address.\n\nWhat is your e-mail?',
      'Please tell me: seats.',
      '“500” must be <= 50.\n\nPlease tell me: seats.',
    ])
  })

  test('lets what was collected be corrected', async () => {
    const all = { name: 'Ana', email: 'ana@example.com', seats: 5 }
    const { services } = scripted(
      all,
      { type: 'correction', reason: 'x' },
      {},
      { type: 'correction', reason: 'x' },
      { seats: '6' },
    )
    const talking = talk('collect', { fields }, { input: 'x', services })
    await talking.begin()
    await talking.say('That is wrong')
    expect(talking.heard[1]).toMatch(/^What should it be instead\?\n\nIs this right\?/)
    await talking.say('Six seats')
    expect(talking.heard[2]).toContain('**Seats**: 6')
    expect(doneOf(await talking.say('ok')).output).toEqual({ ...all, seats: 6 })
  })

  test('answers a question in between, and asks again', async () => {
    const { services, asked } = scripted(
      { name: 'Ana' },
      {},
      { type: 'question', reason: 'x' },
      'So that we can send you the contract.',
    )
    const talking = talk('collect', { fields, about: 'We rent seats.' }, { input: 'Ana', services })
    await talking.begin()
    await talking.say('Why do you need that?')
    expect(talking.heard[1]).toBe('So that we can send you the contract.\n\nWhat is your e-mail?')
    expect(asked[3]?.system).toContain('We rent seats.')
  })

  test('that leads nowhere is given up with what there is', async () => {
    const { services } = scripted({ name: 'Ana' }, {}, { type: 'other', reason: 'x' })
    const talking = talk('collect', { fields, maxTurns: 1 }, { input: 'Ana', services })
    await talking.begin()
    expect(doneOf(await talking.say('blah'))).toEqual({ port: 'gave_up', output: { name: 'Ana' } })
  })

  test('in which nobody replies in time is given up', async () => {
    const talking = talk('collect', { fields, timeout: 'P1D' }, { services: {} })
    expect(await talking.begin()).toMatchObject({
      wait: { channel: 'chat', deadline: '2026-03-02T12:00:00.000Z' },
    })
    expect(doneOf(await talking.lapse())).toEqual({ port: 'gave_up', output: {} })
  })

  test('needs none when all was said and nothing is to be confirmed', async () => {
    const all = { name: 'Ana', email: 'ana@example.com', seats: 5 }
    const talking = talk('collect', { fields, confirm: false }, { input: 'x', ...scripted(all) })
    expect(doneOf(await talking.begin())).toEqual({ port: 'done', output: all })
  })
})

test('values that do not go together are asked for again', async () => {
  const range = {
    type: 'object',
    properties: { kind: { enum: ['day', 'year'] }, count: { type: 'integer' } },
    required: ['kind', 'count'],
    if: { properties: { kind: { const: 'day' } } },
    then: { properties: { count: { maximum: 7 } } },
  }
  const { services } = scripted({ kind: 'Day', count: '30' }, { count: 3 })
  const talking = talk('collect', { fields: range, confirm: false }, { input: '30 days', services })
  await talking.begin()
  expect(talking.heard).toEqual(['That must be <= 7.\n\nPlease tell me: count.'])
  expect(doneOf(await talking.say('3')).output).toEqual({ kind: 'day', count: 3 })
})

describe('offline', () => {
  test('a profile is collected, corrected and confirmed', async () => {
    const profile = {
      type: 'object',
      properties: {
        name: { type: 'string', title: 'Name' },
        email: { type: 'string', format: 'email', title: 'E-mail' },
        birth_date: { type: 'string', format: 'date', title: 'Date of birth' },
        city: { type: 'string', title: 'City' },
      },
    }
    const input = { message: 'Hi, I want to open an account', thread: 't', user: null }
    const talking = talk('collect', { fields: profile }, { input, services: offline })
    await talking.begin()
    await talking.say('My name is Ana Novak')
    await talking.say('ana@example.com')
    await talking.say('1 May 1990')
    await talking.say('Brno')
    expect(talking.heard.at(-1)).toContain('- **Name**: Ana Novak')
    await talking.say('No, my e-mail is ana.novak@example.com')
    expect(doneOf(await talking.say('Yes, that is right')).output).toEqual({
      name: 'Ana Novak',
      email: 'ana.novak@example.com',
      birth_date: '1990-05-01',
      city: 'Brno',
    })
  })
})

test.each([
  [{ fields: { type: 'string' } }, ['fields_invalid']],
  [{ fields: { type: 'object', properties: {} } }, ['fields_invalid']],
  [{ fields, timeout: 'soon' }, ['duration_invalid']],
  [{ fields }, []],
])('%j has the problems %j', (config, codes) => {
  const node = nodeSchema.parse({ id: 'n', kind: 'collect' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const problems = definition.check?.(definition.config.parse(config), node, document)
  expect(problems?.map((problem) => problem.code)).toEqual(codes)
})
