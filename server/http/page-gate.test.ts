import { describe, expect, test } from 'vitest'
import { pino } from 'pino'
import { openDatabase } from '@/db/client'
import { redirectOf } from './page-gate'

/** A database that answers the one question of the gate. */
function database(hasUsers: boolean) {
  const db = openDatabase('postgres://nowhere')
  const query = () => Promise.resolve({ rowCount: hasUsers ? 1 : 0 })
  return Object.assign(db, { pool: Object.assign(db.pool, { query }) })
}

const visit = (url: string, { isSetUp = true, isSignedIn = false } = {}) =>
  redirectOf(
    {
      db: database(isSetUp),
      log: pino({ level: 'silent' }),
      authenticator: {
        callerOf: async () =>
          isSignedIn
            ? {
                user: { id: 'u', name: 'Ada', email: 'ada@example.com' },
                workspaceId: 'w',
                workspaceName: 'W',
                role: 'user',
                by: 'cookie',
              }
            : null,
      },
    },
    { url, headers: new Headers(), onCookies: () => undefined },
  )

describe('a stranger', () => {
  test('is sent to sign in, and back to where they wanted to go', async () => {
    expect(await visit('/')).toBe('/sign-in')
    expect(await visit('/flows/renewal?tab=runs')).toBe('/sign-in?next=%2Fflows%2Frenewal%3Ftab%3Druns')
    expect(await visit('/flows?_rsc=abc&a=1')).toBe('/sign-in?next=%2Fflows%3Fa%3D1')
  })

  test('sees shared flows, the sign-in page and files', async () => {
    for (const url of ['/share/token', '/sign-in', '/sign-in?next=%2F', '/_next/static/x.js', '/icon.svg']) {
      expect(await visit(url)).toBeNull()
    }
  })

  test('is sent to make the owner while there is none', async () => {
    expect(await visit('/flows', { isSetUp: false })).toBe('/setup')
    expect(await visit('/sign-in', { isSetUp: false })).toBe('/setup')
    expect(await visit('/setup', { isSetUp: false })).toBeNull()
    expect(await visit('/setup')).toBe('/')
  })
})

test('whoever is signed in sees the page', async () => {
  expect(await visit('/flows', { isSignedIn: true })).toBeNull()
})
