import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { bearer, jwt, organization } from 'better-auth/plugins'
import type { Database } from '@/db/client'
import * as authTables from '@/db/schema/auth'
import { publicUrl, type Env } from '../env'
import type { Logger } from '../log'
import { clientAddressHeader } from '../http/client-address'
import { leavingContexts } from './async-contexts'
import { ownOrigins } from './origin'

/** Every API key begins so: people and secret scanners know it by that. */
export const keyPrefix = 'mr_'

/** Of an access token; a refresh token lives as long as a session. */
export const accessTokenSeconds = 3_600

const daySeconds = 86_400

/** Better Auth on our tables: sessions by cookie, JSON Web Tokens, API keys; an organization is a workspace. */
export function createAuth({
  db,
  env,
  secret,
  log,
}: {
  db: Database
  env: Env
  secret: string
  log: Logger
}) {
  const url = publicUrl(env)
  const auth = betterAuth({
    appName: 'Millrace',
    baseURL: url,
    basePath: '/api/auth',
    secret,
    database: drizzleAdapter(db.drizzle, { provider: 'pg', schema: authTables }),
    trustedOrigins: (request) => (request ? ownOrigins(request, env) : []),
    // Accounts are made by setup and by invitation, never by strangers.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 8, maxPasswordLength: 128 },
    session: {
      expiresIn: 30 * daySeconds,
      updateAge: daySeconds,
      // A request that only reads costs no query; a session ended elsewhere lives on for at most this long.
      cookieCache: { enabled: true, maxAge: 60 },
    },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 600,
      customRules: { '/sign-in/*': { window: 60, max: 30 } },
    },
    advanced: {
      useSecureCookies: url.startsWith('https:'),
      cookiePrefix: 'millrace',
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      log: (level, message) => log[level === 'error' ? 'warn' : 'debug']({ part: 'auth' }, message),
    },
    plugins: [
      organization({ allowUserToCreateOrganization: false }),
      jwt({ jwt: { expirationTime: `${accessTokenSeconds}s`, issuer: url, audience: url } }),
      bearer(),
      apiKey({
        defaultPrefix: keyPrefix,
        requireName: true,
        // Ours is per caller, for every way of signing in (server/http/limits.ts).
        rateLimit: { enabled: false },
        keyExpiration: { defaultExpiresIn: null },
      }),
    ],
  })
  return leavingContexts(auth)
}

export type Auth = ReturnType<typeof createAuth>
