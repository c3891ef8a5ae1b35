import { describe, expect, test } from 'vitest'
import { connectionOf, placeOf } from './address'

const passwordOf = (address: string) => {
  const { password } = connectionOf(address)
  return typeof password === 'function' ? password() : password
}

test('all comes from the address', () => {
  expect(connectionOf(' postgresql://me:p%40ss@db.example.com:6543/shop?sslmode=require ')).toMatchObject({
    host: 'db.example.com',
    port: 6543,
    user: 'me',
    database: 'shop',
    ssl: { rejectUnauthorized: true },
  })
  expect(passwordOf('postgres://me:p%40ss@host/shop')).toBe('p@ss')
  expect(connectionOf('postgres://me@[::1]')).toMatchObject({
    host: '::1',
    port: 5432,
    database: 'me',
    ssl: false,
  })
})

test('nothing of the surroundings fills what the address leaves out', () => {
  expect(passwordOf('postgres://me@host/shop')).toBe('')
})

test('an address that may be shown has no name and no password', () => {
  expect(placeOf(connectionOf('postgres://me:word@host/shop'))).toBe('shop at host:5432')
})

describe('refused, without being repeated', () => {
  test.each([
    'sesame',
    'mysql://me:sesame@host/shop',
    'postgres:///shop?host=/var/run/postgresql',
    'postgres://host/shop',
    'postgres://me:sesame@host/shop?sslmode=maybe',
    'postgres://me:sesame%zz@host/shop',
  ])('%s', (address) => {
    expect(() => connectionOf(address)).toThrow(
      expect.objectContaining({
        code: 'sql_connection_invalid',
        retryable: false,
        message: expect.not.stringContaining('sesame'),
      }),
    )
  })
})
