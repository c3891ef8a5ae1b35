import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { documentSchema, nodeSchema } from '@/flow/document'
import { effectOf } from '@/flow/kind'
import { startOpenAIServer, type OpenAIServer } from '@/server/models/testing/openai-server'
import { doneOf, perform } from '../testing/perform'
import { modelsAt, offline } from '../testing/models'
import { definition } from './definition'

let server: OpenAIServer
beforeAll(async () => {
  server = await startOpenAIServer()
})
afterAll(() => server.close())

const routes = [
  { port: 'technical', description: 'Programming, technology, engineering' },
  { port: 'business', description: 'Business, management, marketing' },
]
const route = (input: string, config: object = {}) =>
  perform('router', { routes, ...config }, { input, services: modelsAt(server.url) })

describe('by a model', () => {
  beforeEach(() => server.requests.splice(0))

  test('the text goes the way that the model chooses, with how sure it is and why', async () => {
    server.reply({ say: '{"route":"business","confidence":0.9,"reason":"It is about a market."}' })
    const { outcome, acts } = await route('How do we reach more customers?')
    expect(doneOf(outcome)).toEqual({
      port: 'business',
      output: { route: 'business', confidence: 0.9, reason: 'It is about a market.' },
    })
    expect(acts).toMatchObject([{ name: 'model#1', kind: 'model' }])
    const [system, user] = server.requests[0]?.body.messages ?? []
    expect(system?.content).toContain('- technical: Programming, technology, engineering')
    expect(system?.content).toContain('- else: none of the above')
    expect(user?.content).toBe('How do we reach more customers?')
  })

  test('one that is not sure enough goes by else', async () => {
    server.reply({ say: '{"route":"business","confidence":0.4,"reason":"Perhaps."}' })
    expect(doneOf((await route('Hm', { minConfidence: 0.5 })).outcome)).toEqual({
      port: 'else',
      output: { route: 'else', confidence: 0.4, reason: 'Rather business, but not sure enough. Perhaps.' },
    })
  })

  test('a route that there is not is repaired once, and then it is an error', async () => {
    server.reply({ say: '{"route":"legal","confidence":1,"reason":"x"}' })
    await expect(route('A contract')).rejects.toMatchObject({ code: 'model_output_invalid' })
    expect(server.requests).toHaveLength(2)
    expect(JSON.stringify(server.requests[1]?.body.messages)).toContain('legal')
  })

  test('what was chosen before is not asked again', async () => {
    const text = '{"route":"technical","confidence":1,"reason":"x"}'
    const acts = { 'model#1': { text, object: JSON.parse(text) } }
    const { outcome } = await perform(
      'router',
      { routes },
      { input: 'x', acts, services: modelsAt(server.url) },
    )
    expect(doneOf(outcome).port).toBe('technical')
    expect(server.requests).toHaveLength(0)
  })

  test('nothing to read goes by else without asking', async () => {
    expect(doneOf((await route(' ')).outcome).port).toBe('else')
    expect(server.requests).toHaveLength(0)
  })
})

test.each([
  ['How do I integrate the programming interface?', 'technical'],
  ['Which marketing should our business do?', 'business'],
])('without a key %j goes to %s', async (input, port) => {
  expect(doneOf((await perform('router', { routes }, { input, services: offline })).outcome).port).toBe(port)
})

test('by keywords and by conditions no model is asked', async () => {
  const keywords = [{ port: 'billing', keywords: ['invoice'] }]
  const byKeywords = await route('The invoice', { by: 'keywords', routes: keywords })
  expect(doneOf(byKeywords.outcome).port).toBe('billing')
  const conditions = [{ port: 'long', when: '$length(input) > 3' }]
  expect(doneOf((await route('ab', { by: 'expression', routes: conditions })).outcome).port).toBe('else')
  expect([...byKeywords.acts]).toEqual([])
  expect(effectOf(definition, { by: 'keywords' })).toBe('none')
  expect(effectOf(definition, {})).toBe('idempotent')
})

test.each([
  [{ routes: [{ port: 'else' }] }, ['port_reserved']],
  [{ routes: [{ port: 'a' }, { port: 'a' }] }, ['port_duplicate']],
  [{ by: 'keywords', routes: [{ port: 'a' }] }, ['required']],
  [{ routes }, []],
])('%j has the problems %j', (config, codes) => {
  const node = nodeSchema.parse({ id: 'n', kind: 'router' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const problems = definition.check?.(definition.config.parse(config), node, document)
  expect(problems?.map((problem) => problem.code)).toEqual(codes)
})
