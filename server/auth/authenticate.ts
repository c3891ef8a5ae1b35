import { createHash } from 'node:crypto'
import { listMemberships } from '@/db/users'
import type { App } from '../app'
import { clientAddressOf } from '../http/client-address'
import { RequestError } from '../request-error'
import { keyPrefix } from './auth'
import { SignInAttempts } from './attempts'
import type { Caller, Role } from './caller'
import { checkPassword, readAccessToken } from './tokens'

/** How long a proof of identity, and a membership, is believed without asking the database again. */
const believedMs = 10_000
const entriesAtMost = 5_000

const sessionCookie = /(?:^|;\s*)(?:__Secure-)?millrace\.session_token=([^;]+)/

/** Who a request comes from. Remembers answers for ten seconds, so a busy client costs no query a request. */
export class Authenticator {
  readonly attempts = new SignInAttempts()
  private readonly proofs = new Map<string, { personId: string; until: number }>()
  private readonly callers = new Map<string, { caller: Omit<Caller, 'by'>; until: number }>()

  constructor(private readonly app: Pick<App, 'db' | 'auth'>) {}

  /** Null: nothing was offered as proof. Throws RequestError 401 when what was offered does not hold. */
  async callerOf(
    request: { headers: Headers },
    /** Told the cookies that keep a session going, when it is time for new ones. */
    onCookies: (cookies: string[]) => void = () => undefined,
  ): Promise<Caller | null> {
    const authorization = request.headers.get('authorization')
    const key = request.headers.get('x-api-key')
    if (key) return this.byProof('key', key, () => this.personOfKey(key))
    if (authorization) return this.byAuthorization(authorization, clientAddressOf(request))
    return this.byCookie(request.headers, onCookies)
  }

  private async byAuthorization(authorization: string, address: string): Promise<Caller> {
    const space = authorization.indexOf(' ')
    const scheme = authorization.slice(0, space).toLowerCase()
    const value = authorization.slice(space + 1).trim()
    if (scheme === 'basic') return this.byProof('password', value, () => this.personOfBasic(value, address))
    if (scheme !== 'bearer') {
      throw unauthorized('unknown_scheme', 'Sign in with `Authorization: Bearer …` or `Basic …`.')
    }
    return value.startsWith(keyPrefix)
      ? this.byProof('key', value, () => this.personOfKey(value))
      : this.byProof('token', value, () => this.personOfToken(value))
  }

  private async byCookie(headers: Headers, onCookies: (cookies: string[]) => void): Promise<Caller | null> {
    const [, cookie] = sessionCookie.exec(headers.get('cookie') ?? '') ?? []
    if (!cookie) return null
    const personId = await this.remembered('cookie', cookie, async () => {
      const session = await this.app.auth.api.getSession({ headers, returnHeaders: true })
      const cookies = session.headers.getSetCookie()
      if (cookies.length > 0) onCookies(cookies)
      return session.response?.user.id ?? null
    })
    return personId === null ? null : this.callerFor(personId, 'cookie')
  }

  /** Somebody signed out, changed a password or took a key back: nothing is believed any more. */
  forget(): void {
    this.proofs.clear()
    this.callers.clear()
  }

  private async byProof(by: Caller['by'], proof: string, find: () => Promise<string>): Promise<Caller> {
    const personId = await this.remembered(by, proof, find)
    return this.callerFor(personId, by)
  }

  /** A yes is remembered; a no is found anew each time. */
  private async remembered<T extends string | null>(
    by: Caller['by'],
    proof: string,
    find: () => Promise<T>,
  ): Promise<T | string> {
    const digest = createHash('sha256').update(`${by} ${proof}`).digest('base64')
    const known = this.proofs.get(digest)
    if (known && known.until > Date.now()) return known.personId
    const personId = await find()
    if (personId !== null) remember(this.proofs, digest, { personId, until: Date.now() + believedMs })
    return personId
  }

  private async personOfBasic(encoded: string, address: string): Promise<string> {
    const text = Buffer.from(encoded, 'base64').toString('utf8')
    const colon = text.indexOf(':')
    if (colon < 1) throw unauthorized('wrong_credentials', 'Basic sign-in is base64 of email:password.')
    const given = { email: text.slice(0, colon), password: text.slice(colon + 1), address }
    return (await checkPassword(this.app, this.attempts, given)).id
  }

  private async personOfToken(token: string): Promise<string> {
    const personId = await readAccessToken(this.app, token)
    if (personId) return personId
    throw unauthorized('token_invalid', 'This access token is not valid, or too old. Log in or refresh it.')
  }

  private async personOfKey(key: string): Promise<string> {
    const { valid, key: found } = await this.app.auth.api.verifyApiKey({ body: { key } })
    if (valid && found) return found.referenceId
    throw unauthorized('key_invalid', 'This API key is unknown, expired or switched off.')
  }

  private async callerFor(personId: string, by: Caller['by']): Promise<Caller> {
    const known = this.callers.get(personId)
    if (known && known.until > Date.now()) return { ...known.caller, by }
    const [membership] = await listMemberships(this.app.db, personId)
    if (!membership) {
      throw new RequestError(
        403,
        'no_workspace',
        'This account belongs to no workspace. Ask an admin to invite it.',
      )
    }
    const { person: user, workspaceId, workspaceName } = membership
    const caller = { user, workspaceId, workspaceName, role: roleOf(membership.role) }
    remember(this.callers, personId, { caller, until: Date.now() + believedMs })
    return { ...caller, by }
  }
}

const stored: Record<string, Role> = { owner: 'admin', admin: 'admin', member: 'user', guest: 'guest' }

/** Better Auth stores several roles separated by commas; the first that says something counts. A strange one may only read. */
function roleOf(text: string): Role {
  return text.split(',').flatMap((word) => stored[word.trim()] ?? [])[0] ?? 'guest'
}

function unauthorized(code: string, message: string): RequestError {
  return new RequestError(401, code, message)
}

/** Maps keep the order of insertion: the first is the oldest. */
function remember<T>(entries: Map<string, T>, key: string, value: T): void {
  entries.delete(key)
  if (entries.size >= entriesAtMost) {
    const [oldest] = entries.keys()
    if (oldest !== undefined) entries.delete(oldest)
  }
  entries.set(key, value)
}
