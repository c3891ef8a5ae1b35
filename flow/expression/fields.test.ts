import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { nodeSchema, type FlowNode } from '../document'
import { expression, text, value, values } from '../field'
import type { JsonObject } from '../json'
import { expressionsOf, mapExpressions } from './fields'
import { renameStep } from './references'
import { resolveConfig, secretMask } from './resolve-config'

const definition = {
  config: z.strictObject({
    plain: z.string().optional(),
    url: text({ secret: true }).min(1).optional(),
    body: value().optional(),
    headers: values({ secret: true }).default({}),
    when: expression().optional(),
    cases: z.array(z.strictObject({ port: z.string(), when: expression() })).optional(),
    rule: z.union([z.literal('any'), text(), z.strictObject({ note: text() })]).optional(),
    auth: z
      .discriminatedUnion('type', [
        z.strictObject({ type: z.literal('basic'), user: text() }),
        z.strictObject({ type: z.literal('bearer'), token: text({ secret: true }) }),
      ])
      .optional(),
    pair: z.tuple([text(), z.number()]).optional(),
    byName: z.record(z.string(), text()).optional(),
  }),
}

function nodeWith(config: JsonObject, more: Partial<FlowNode> = {}): FlowNode {
  return { ...nodeSchema.parse({ id: 'n', kind: 'k', config }), ...more }
}

const root: JsonObject = { input: { id: 7, tags: ['a'] }, steps: { a: { x: 1 } } }

describe('expressionsOf', () => {
  test('finds expressions by the roles of the fields, wherever they stand', () => {
    const node = nodeWith(
      {
        plain: '${not.read}',
        url: 'https://x/${input.id}/${ steps.a.x }',
        body: { deep: ['${input.tags}'], text: 'plain' },
        headers: { authorization: 'Bearer ${secrets.T}' },
        when: 'input.id > 1',
        cases: [
          { port: 'one', when: 'true' },
          { port: 'two', when: '' },
        ],
      },
      { output: { y: '${result.y}' }, assign: { total: '${state.total + 1}' } },
    )
    expect(expressionsOf(node, definition)).toEqual([
      { path: ['config', 'url'], source: 'input.id', form: 'text', secret: true, offset: 12 },
      { path: ['config', 'url'], source: ' steps.a.x ', form: 'text', secret: true, offset: 24 },
      { path: ['config', 'body', 'deep', 0], source: 'input.tags', form: 'value', secret: false, offset: 2 },
      {
        path: ['config', 'headers', 'authorization'],
        source: 'secrets.T',
        form: 'value',
        secret: true,
        offset: 9,
      },
      { path: ['config', 'when'], source: 'input.id > 1', form: 'expression', secret: false, offset: 0 },
      { path: ['config', 'cases', 0, 'when'], source: 'true', form: 'expression', secret: false, offset: 0 },
      { path: ['output', 'y'], source: 'result.y', form: 'value', secret: false, offset: 2 },
      { path: ['assign', 'total'], source: 'state.total + 1', form: 'value', secret: false, offset: 2 },
    ])
  })

  test('looks through unions, tuples and records', () => {
    const paths = (config: JsonObject) =>
      expressionsOf(nodeWith(config), definition).map((one) => one.path.slice(1))
    expect(paths({ rule: '${a}' })).toEqual([['rule']])
    expect(paths({ rule: { note: '${a}' } })).toEqual([['rule', 'note']])
    expect(paths({ auth: { type: 'bearer', token: '${secrets.T}' } })).toEqual([['auth', 'token']])
    expect(paths({ pair: ['${a}', 1] })).toEqual([['pair', 0]])
    expect(paths({ byName: { x: '${a}' } })).toEqual([['byName', 'x']])
  })

  test('marks a template that is not closed', () => {
    expect(expressionsOf(nodeWith({ url: 'x ${input.id' }), definition)).toMatchObject([
      { source: 'input.id', offset: 4, unterminated: true },
    ])
  })

  test('does not stumble over a config of another shape', () => {
    expect(
      expressionsOf(nodeWith({ url: 5, cases: 'x', headers: null, body: null, what: '${x}' }), definition),
    ).toEqual([])
  })
})

describe('mapExpressions', () => {
  test('gives back the same node when nothing changes', () => {
    const node = nodeWith({ url: '${steps.a}' })
    expect(mapExpressions(node, definition, (source) => source)).toBe(node)
  })

  test('renames in every field, and leaves the rest', () => {
    const node = nodeWith(
      {
        plain: '${steps.a}',
        url: '$${steps.a} ${steps.a.x}',
        when: 'steps.a = 1',
        body: ['steps.a', '${steps.a}'],
      },
      { output: '${steps.a}', assign: { a: '${steps.a}' } },
    )
    const renamed = mapExpressions(node, definition, (source) => renameStep(source, 'a', 'b'))
    expect(renamed.config).toEqual({
      plain: '${steps.a}',
      url: '$${steps.a} ${steps.b.x}',
      when: 'steps.b = 1',
      body: ['steps.a', '${steps.b}'],
    })
    expect(renamed.output).toBe('${steps.b}')
    expect(renamed.assign).toEqual({ a: '${steps.b}' })
    expect(node.output).toBe('${steps.a}')
  })
})

describe('resolveConfig', () => {
  test('resolves texts and values, and leaves expressions and literals', async () => {
    const config = {
      plain: '${x}',
      url: 'u/${input.id}',
      body: { id: '${input.id}', n: 1 },
      when: 'input.id',
    }
    const resolved = await resolveConfig(definition, config, root)
    expect(resolved.config).toEqual({ plain: '${x}', url: 'u/7', body: { id: 7, n: 1 }, when: 'input.id' })
    expect(resolved.masked).toEqual(resolved.config)
  })

  test('gives back the config itself when it holds nothing to resolve', async () => {
    const config = { plain: 'x', body: { n: 1 } }
    expect((await resolveConfig(definition, config, root)).config).toBe(config)
  })

  test('asks for secrets by name, and masks them and what is made of them', async () => {
    const asked: string[] = []
    const secret = async (name: string) => {
      asked.push(name)
      return `value of ${name}`
    }
    const config = {
      url: 'https://x/?key=${$base64encode(secrets.KEY)}',
      headers: { authorization: 'Bearer ${secrets.TOKEN}', other: '${input.id}' },
    }
    const resolved = await resolveConfig(definition, config, root, { secret })
    expect(asked.sort()).toEqual(['KEY', 'TOKEN'])
    expect(resolved.config.headers).toEqual({ authorization: 'Bearer value of TOKEN', other: 7 })
    expect(resolved.masked.headers).toEqual({ authorization: `Bearer ${secretMask}`, other: 7 })
    expect(JSON.stringify(resolved.masked)).not.toContain(Buffer.from('value of KEY').toString('base64'))
  })

  test('masks the whole field where a mask cannot stand for the secret', async () => {
    const config = { url: '${$number(secrets.PIN) + 1}' }
    const resolved = await resolveConfig(definition, config, root, { secret: async () => '4711' })
    expect(resolved).toEqual({ config: { url: '4712' }, masked: { url: secretMask } })
  })

  test.each([
    ['a field that is not marked', { body: '${secrets.T}' }],
    ['all secrets at once', { url: '${$string(secrets)}' }],
    ['secrets by a name that is data', { url: '${$lookup(secrets, input.id)}' }],
    ['secrets through the root', { body: '${$$.secrets.T}' }],
  ])('refuses secrets in %s', async (_, config) => {
    const secret = async () => 'hush'
    await expect(resolveConfig(definition, config, root, { secret })).rejects.toMatchObject({
      code: 'secret_not_allowed',
    })
  })

  test('refuses secrets when nobody gives them', async () => {
    await expect(resolveConfig(definition, { url: '${secrets.T}' }, root)).rejects.toMatchObject({
      code: 'secret_not_allowed',
    })
  })

  test('the root as a whole holds no secret but those named', async () => {
    const config = { url: '${$string($$)}' }
    const resolved = await resolveConfig(definition, config, root, { secret: async () => 'hush' })
    expect(resolved.config.url).not.toContain('hush')
  })

  test('passes on what the secret throws', async () => {
    const secret = () => Promise.reject(new Error('no such secret'))
    await expect(resolveConfig(definition, { url: '${secrets.T}' }, root, { secret })).rejects.toThrow(
      'no such secret',
    )
  })
})
