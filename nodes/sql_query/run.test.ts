import { describe, expect, test } from 'vitest'
import { documentSchema, nodeSchema } from '@/flow/document'
import { effectOf } from '@/flow/kind'
import type { SqlQuery } from '../step'
import { doneOf, perform } from '../testing/perform'
import { definition } from './definition'

const address = 'postgres://reader:word@db.example.com/shop'

async function ask(config: object, isCapped = false) {
  const asked: SqlQuery[] = []
  const sql = async (query: SqlQuery) => {
    asked.push(query)
    return { rows: [{ id: 1 }], rowCount: 1, isCapped }
  }
  const performed = await perform(
    'sql_query',
    { connection: 'SHOP', sql: 'select $1', ...config },
    { input: { id: 5 }, secrets: { SHOP: ` ${address} ` }, services: { sql } },
  )
  return { ...performed, asked: asked[0] }
}

test('the rows are the output', async () => {
  const { outcome, asked, logs } = await ask({ params: ['${input.id}', { a: '${input}' }, [1], null] })
  expect(doneOf(outcome)).toEqual({ port: 'done', output: { rows: [{ id: 1 }], rowCount: 1 } })
  expect(asked).toMatchObject({
    connection: address,
    sql: 'select $1',
    params: [5, { a: { id: 5 } }, [1], null],
    readOnly: true,
    maxRows: 1_000,
  })
  expect(logs).toEqual([])
})

test('rows that were left out are told of', async () => {
  const { logs } = await ask({ maxRows: 1 }, true)
  expect(logs).toEqual(['warn There are more than 1 rows; the others were not fetched.'])
})

test.each([
  ['SHOP', address],
  [' SHOP ', address],
  ['${secrets.SHOP}', address],
  ['postgres://me@localhost/shop', 'postgres://me@localhost/shop'],
])('the connection %s leads to the address', async (connection, expected) => {
  expect((await ask({ connection })).asked?.connection).toBe(expected)
})

test('a connection that is neither a name nor an address is an error', async () => {
  await expect(ask({ connection: 'my shop' })).rejects.toMatchObject({ code: 'sql_connection_invalid' })
})

test('reading may be done twice, writing may not', () => {
  const parse = (config: object) => definition.config.parse({ connection: 'x', sql: 'x', ...config })
  expect(effectOf(definition, parse({}))).toBe('idempotent')
  expect(effectOf(definition, parse({ readOnly: false }))).toBe('once')
})

describe('problems', () => {
  const node = nodeSchema.parse({ id: 'n', kind: 'sql_query' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const codesOf = (config: object) =>
    definition
      .check?.(definition.config.parse({ connection: 'SHOP', sql: 'select 1', ...config }), node, document)
      .map((problem) => problem.code)

  test.each([
    [{ sql: "select * from a where b = '${input.b}'" }, ['sql_template']],
    [{ connection: address }, ['secret_in_flow']],
    [{ connection: 'postgres://me@localhost/shop' }, []],
    [{ connection: 'postgres://me:${secrets.WORD}@localhost/shop' }, []],
    [{ sql: 'select $1' }, []],
  ])('%j has %j', (config, codes) => {
    expect(codesOf(config)).toEqual(codes)
  })
})
