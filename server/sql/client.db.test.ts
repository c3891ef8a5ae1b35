import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import type { SqlQuery } from '@/nodes/step'
import { proxyTo } from '../runtime/testing/proxy'
import { createSqlClient, type SqlClient } from './client'

let shop: TestDatabase
let other: TestDatabase
let client: SqlClient

beforeAll(async () => {
  shop = await testDatabase()
  other = await testDatabase()
  client = createSqlClient({ forbidden: other.db.pool })
  await shop.db.pool.query('create table item (id int primary key, name text not null, price numeric)')
})
afterAll(async () => {
  await client.close()
  await shop.drop()
  await other.drop()
})

function ask(sql: string, more: Partial<SqlQuery> = {}) {
  return client.query({
    connection: shop.url,
    sql,
    params: [],
    readOnly: true,
    maxRows: 1_000,
    signal: new AbortController().signal,
    ...more,
  })
}
const write = (sql: string, more: Partial<SqlQuery> = {}) => ask(sql, { readOnly: false, ...more })
const count = async (of = 'item') => (await shop.db.pool.query(`select from ${of}`)).rowCount

describe('reading', () => {
  test('gives rows as JSON, with values put in safely', async () => {
    const params = ["'; drop table item; --", 5, [1, 2], { a: 1 }, null, true]
    const answer = await ask(
      `select $1::text as word, $2::int8 + 1 as six, 2 = any($3::int[]) as found, $4::jsonb -> 'a' as one,
              $5::text as nothing, $6::bool as yes, interval '26 hours' as span,
              timestamptz '2026-03-01 12:00+02' as at, array[1.5, 2] as list, '\\x4869'::bytea as bytes`,
      { params },
    )
    expect(answer).toEqual({
      rows: [
        {
          word: "'; drop table item; --",
          six: 6,
          found: true,
          one: 1,
          nothing: null,
          yes: true,
          span: 'PT26H',
          at: '2026-03-01T10:00:00.000Z',
          list: [1.5, 2],
          bytes: 'SGk=',
        },
      ],
      rowCount: 1,
      isCapped: false,
    })
    expect(await count()).toBe(0)
  })

  test.each([
    [1, 1, true],
    [99, 99, true],
    [100, 100, false],
    [500, 100, false],
  ])('fetches no more than %i of 100 rows', async (maxRows, rowCount, isCapped) => {
    const answer = await ask('select n, repeat($1, 100) as text from generate_series(1, 100) n', {
      params: ['x'],
      maxRows,
    })
    expect(answer).toMatchObject({ rowCount, isCapped })
    expect(answer.rows.map((row) => row.n)).toEqual(Array.from({ length: rowCount }, (_, index) => index + 1))
  })

  test('stops at 16 MiB', async () => {
    const large = ask("select repeat('x', 1000000) from generate_series(1, 100000)", { maxRows: 100_000 })
    await expect(large).rejects.toMatchObject({ code: 'value_too_large', retryable: false })
  })

  test.each([
    "insert into item values (1, 'x')",
    'delete from item',
    'create table more (id int)',
    "do $$ begin insert into item values (1, 'x'); end $$",
    'truncate item',
    "with made as (insert into item values (1, 'x') returning id) select * from made",
  ])('refuses to write: %s', async (sql) => {
    await expect(ask(sql)).rejects.toMatchObject({
      code: 'sql_read_only',
      retryable: false,
      message: expect.stringContaining('Only reads'),
    })
  })

  test('cannot be made to write by changing the mode of the transaction', async () => {
    for (const sql of [
      'set transaction read write',
      "select set_config('transaction_read_only', 'off', false)",
      "do $$ begin set transaction read write; insert into item values (1, 'x'); end $$",
      "do $$ begin perform set_config('transaction_read_only', 'off', false); insert into item values (1, 'x'); end $$",
      "do $$ begin commit; insert into item values (1, 'x'); end $$",
      "commit; insert into item values (1, 'x')",
    ]) {
      await expect(ask(sql)).rejects.toMatchObject({
        code: expect.stringMatching(/^sql_(failed|read_only)$/),
      })
    }
    expect(await count()).toBe(0)
  })
})

describe('writing', () => {
  test('changes rows and gives what is returned', async () => {
    const sql = 'insert into item select n, $1, 1.5 from generate_series(1, 3) n'
    expect(await write(sql, { params: ['x'] })).toEqual({ rows: [], rowCount: 3, isCapped: false })
    expect(await write('delete from item where id = 1 returning id, price')).toEqual({
      rows: [{ id: 1, price: 1.5 }],
      rowCount: 1,
      isCapped: false,
    })
    expect(await count()).toBe(2)
    expect(await write('update item set price = 2 where id > $1', { params: [100] })).toMatchObject({
      rowCount: 0,
    })
  })

  test('leaves nothing behind when it fails', async () => {
    const before = await count()
    const failing = write("insert into item values (50, 'x'), (50, 'y')")
    await expect(failing).rejects.toMatchObject({
      code: 'sql_failed',
      retryable: false,
      details: { sqlstate: '23505', constraint: 'item_pkey' },
    })
    expect(await count()).toBe(before)
  })

  test('keeps nothing of one statement for the next: settings, locks, temporary tables', async () => {
    await write("select set_config('search_path', 'nowhere', false)")
    await write('select pg_advisory_lock(77)')
    await write('create temporary table item (id text)')
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('select id from item limit 0')))
    expect(answers).toHaveLength(5)
    const locks = await shop.db.pool.query("select from pg_locks where locktype = 'advisory' and objid = 77")
    expect(locks.rowCount).toBe(0)
  })

  test('of COPY is refused, and the connection is not lost over it', async () => {
    await expect(write('copy item from stdin')).rejects.toMatchObject({ code: 'sql_failed' })
    await ask('copy item to stdout').catch(() => undefined)
    expect((await ask('select 1 as one')).rows).toEqual([{ one: 1 }])
  })
})

describe('a mistake', () => {
  test('in the statement is told with its place', async () => {
    await expect(ask('select nmae from item')).rejects.toMatchObject({
      code: 'sql_failed',
      message: expect.stringContaining('nmae'),
      details: { sqlstate: '42703', position: '8' },
    })
    await expect(ask('select 1; select 2')).rejects.toMatchObject({ code: 'sql_failed' })
    expect(await ask('')).toEqual({ rows: [], rowCount: 0, isCapped: false })
  })

  test('in the address is told without the address', async () => {
    const asked = async (change: (url: URL) => void) => {
      const url = new URL(shop.url)
      change(url)
      return ask('select 1', { connection: url.toString() }).catch((error: unknown) => error)
    }
    const wrong = await asked((url) => (url.password = 'wrongword'))
    expect(wrong).toMatchObject({ code: 'sql_auth', retryable: false })
    expect(JSON.stringify([wrong, String(wrong)])).not.toContain('wrongword')
    expect(await asked((url) => (url.pathname = '/nothing'))).toMatchObject({ code: 'sql_failed' })
    expect(await asked((url) => (url.port = '1'))).toMatchObject({ code: 'sql_unreachable', retryable: true })
  })
})

test('the database that Millrace runs on is refused, by whatever name, unless it is allowed', async () => {
  const url = new URL(other.url)
  for (const host of ['127.0.0.1', 'localhost']) {
    url.hostname = host
    await expect(ask('select 1', { connection: url.toString() })).rejects.toMatchObject({
      code: 'sql_own_database',
    })
  }
  const allowing = createSqlClient({ forbidden: null })
  const query = { sql: 'select 1 as one', params: [], readOnly: true, maxRows: 1 }
  const { signal } = new AbortController()
  expect(await allowing.query({ ...query, connection: other.url, signal })).toMatchObject({
    rows: [{ one: 1 }],
  })
  await allowing.close()
})

test('a cancelled step comes back at once, and the database stops working on it', async () => {
  const cancelling = new AbortController()
  const asked = write("insert into item select 1000, pg_sleep(60)::text || 'cancelled'", {
    signal: cancelling.signal,
  })
  const sleeping = () =>
    shop.db.pool.query(
      "select from pg_stat_activity where query like '%cancelled%' and state = 'active' and pid <> pg_backend_pid()",
    )
  while ((await sleeping()).rowCount === 0) await delay(10)
  cancelling.abort(new Error('the run was cancelled'))
  await expect(asked).rejects.toThrow('the run was cancelled')
  while ((await sleeping()).rowCount !== 0) await delay(10)
  expect((await shop.db.pool.query('select from item where id = 1000')).rowCount).toBe(0)
})

test('a connection that is lost while a change is made final leaves it open whether it was made', async () => {
  await shop.db.pool.query(`
    create function end_slowly() returns trigger language plpgsql as 'begin perform pg_sleep(0.3); return null; end';
    create constraint trigger slow after insert on item deferrable initially deferred
      for each row when (new.id = 2000) execute function end_slowly()`)
  const proxy = await proxyTo(shop.url)
  const asked = write("insert into item values (2000, 'x')", { connection: proxy.url })
  const ending = () =>
    shop.db.pool.query("select from pg_stat_activity where query = 'commit' and state = 'active'")
  while ((await ending()).rowCount === 0) await delay(5)
  proxy.cut()
  await expect(asked).rejects.toMatchObject({ code: 'interrupted', retryable: false })
  await proxy.close()
})

test('many at once wait for their turn', async () => {
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      ask('select $1::int as n, pg_sleep(0.01)::text', { params: [index] }),
    ),
  )
  expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 30 }, (_, index) => index))
})

test('a connection that is lost under a statement is worth another attempt, and the next one works', async () => {
  const proxy = await proxyTo(shop.url)
  const asked = ask("select pg_sleep(60), 'cut'", { connection: proxy.url })
  const asleep = () =>
    shop.db.pool.query("select from pg_stat_activity where query like 'select pg_sleep(60), ''cut''%'")
  while ((await asleep()).rowCount === 0) await delay(10)
  proxy.cut()
  await expect(asked).rejects.toMatchObject({ code: 'sql_unreachable', retryable: true })
  await expect(ask('select 1', { connection: proxy.url })).rejects.toMatchObject({ code: 'sql_unreachable' })
  proxy.restore()
  expect((await ask('select 1 as one', { connection: proxy.url })).rows).toEqual([{ one: 1 }])
  await proxy.close()
})
