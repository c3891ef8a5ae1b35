import pg from 'pg'
import { expect, test } from 'vitest'
import { readerOf } from './values'

const { builtins } = pg.types

test.each([
  [builtins.INT8, '42', 42],
  [builtins.INT8, '9007199254740993', '9007199254740993'],
  [builtins.NUMERIC, '12.50', 12.5],
  [builtins.NUMERIC, '-0.1', -0.1],
  [builtins.NUMERIC, '1234567890.12345678', '1234567890.12345678'],
  [builtins.NUMERIC, 'NaN', 'NaN'],
  [builtins.FLOAT8, '0.1234567890123456', 0.1234567890123456],
  [builtins.FLOAT8, '-Infinity', '-Infinity'],
  [builtins.BOOL, 't', true],
  [builtins.BOOL, 'f', false],
  [builtins.JSONB, '{"a": [1]}', { a: [1] }],
  [builtins.TIMESTAMPTZ, '2026-03-01 12:00:00.5+00', '2026-03-01T12:00:00.500Z'],
  [builtins.TIMESTAMPTZ, 'infinity', 'infinity'],
  [builtins.TIMESTAMP, '2026-03-01 12:00:00', '2026-03-01T12:00:00'],
  [builtins.DATE, '2026-03-01', '2026-03-01'],
  [builtins.INTERVAL, 'P1DT2H', 'P1DT2H'],
  [builtins.BYTEA, '\\x4869', 'SGk='],
  [builtins.UUID, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  [1007, '{1,NULL,3}', [1, null, 3]],
  [1009, '{"a b",c}', ['a b', 'c']],
  [1016, '{{1},{2}}', [[1], [2]]],
  [99_999, 'whatever', 'whatever'],
])('a value of the type %i that Postgres writes %s is %j', (type, text, value) => {
  expect(readerOf(type)(text)).toEqual(value)
})
