import { createAuthClient } from 'better-auth/client'

/** Signing in and out; cookies carry the session. */
export const authClient = createAuthClient({ basePath: '/api/auth' })
