import { findSignIn, type Person } from '@/db/users'
import type { App } from '../app'
import { RequestError } from '../request-error'
import { accessTokenSeconds } from './auth'
import type { SignInAttempts } from './attempts'
import { isPasswordOf } from './password'

/** As OAuth 2 names the members (RFC 6749, 5.1). */
export interface Tokens {
  access_token: string
  refresh_token: string
  token_type: 'bearer'
  /** Seconds that the access token lives. */
  expires_in: number
}

/** Throws RequestError 401, and 429 after too many failures. */
export async function checkPassword(
  app: Pick<App, 'db'>,
  attempts: SignInAttempts,
  given: { email: string; password: string; address: string },
): Promise<Person> {
  attempts.check(given.email, given.address)
  const found = await findSignIn(app.db, given.email)
  if (await isPasswordOf(found?.passwordHash ?? null, given.password)) {
    attempts.succeeded(given.email, given.address)
    if (found) return { id: found.id, name: found.name, email: found.email }
  }
  attempts.failed(given.email, given.address)
  throw new RequestError(401, 'wrong_credentials', 'The e-mail or the password is wrong.')
}

export async function issueTokens(app: Pick<App, 'auth'>, person: Person): Promise<Tokens> {
  const context = await app.auth.$context
  const session = await context.internalAdapter.createSession(person.id)
  return tokensOf(app, person, session.token)
}

/** A new access token for a refresh token that still lives. Throws RequestError 401. */
export async function refreshTokens(app: Pick<App, 'auth'>, refreshToken: string): Promise<Tokens> {
  const context = await app.auth.$context
  const found = await context.internalAdapter.findSession(refreshToken)
  if (!found || found.session.expiresAt.getTime() <= Date.now()) {
    throw new RequestError(
      401,
      'refresh_token_expired',
      'This refresh token is unknown or too old. Log in again.',
    )
  }
  const { id, name, email } = found.user
  return tokensOf(app, { id, name, email }, refreshToken)
}

async function tokensOf(app: Pick<App, 'auth'>, person: Person, refreshToken: string): Promise<Tokens> {
  const { token } = await app.auth.api.signJWT({ body: { payload: { sub: person.id, email: person.email } } })
  return {
    access_token: token,
    refresh_token: refreshToken,
    token_type: 'bearer',
    expires_in: accessTokenSeconds,
  }
}

/** The person id that an access token speaks for, or null when it is not ours or too old. */
export async function readAccessToken(app: Pick<App, 'auth'>, token: string): Promise<string | null> {
  const { payload } = await app.auth.api.verifyJWT({ body: { token } })
  return payload?.sub ?? null
}
