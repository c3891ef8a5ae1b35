import { z } from 'zod'
import { clientAddressOf } from '../client-address'
import { checkPassword, issueTokens, refreshTokens } from '../../auth/tokens'
import { RequestError } from '../../request-error'
import { publicRoute, route } from '../route'

export const authRoutes = [
  publicRoute({
    method: 'POST',
    path: '/auth/login',
    summary: 'Tokens for an e-mail and a password.',
    body: z.object({
      username: z.string().max(254).meta({ description: 'The e-mail address.' }),
      password: z.string().max(128),
    }),
    answers: {
      200: '`{access_token, refresh_token, token_type, expires_in}`',
      401: 'Wrong e-mail or password.',
    },
    async handle({ app, body, request }) {
      const given = { email: body.username, password: body.password, address: clientAddressOf(request) }
      const person = await checkPassword(app, app.authenticator.attempts, given)
      return Response.json(await issueTokens(app, person), { headers: { 'Cache-Control': 'no-store' } })
    },
  }),

  publicRoute({
    method: 'POST',
    path: '/auth/refresh',
    summary: 'A new access token for a refresh token, given in the body or as the bearer.',
    body: z.object({ refresh_token: z.string().max(1_000).optional() }),
    bodyOptional: true,
    answers: { 200: '`{access_token, refresh_token, token_type, expires_in}`', 401: 'Unknown or too old.' },
    async handle({ app, body, request }) {
      const [, bearer] = /^bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
      const token = body.refresh_token ?? bearer
      if (!token) throw new RequestError(400, 'malformed', 'Give the refresh token as `refresh_token`.')
      return Response.json(await refreshTokens(app, token), { headers: { 'Cache-Control': 'no-store' } })
    },
  }),

  route({
    method: 'GET',
    path: '/auth/verify',
    summary: 'Who is signed in.',
    role: 'guest',
    answers: { 200: '`{username, valid: true}`' },
    handle: ({ caller }) => Response.json({ username: caller.user.email, valid: true }),
  }),
]
