import { z } from 'zod'
import type { App } from '../app'
import type { Caller, Role } from '../auth/caller'
import { bodyLimits, parseJson, readText } from './body'

/** What a handler is given: all parsed. */
export interface Call<Q, B> {
  app: App
  params: Record<string, string>
  query: Q
  body: B
  request: Request
}
export interface SignedCall<Q, B> extends Call<Q, B> {
  caller: Caller
}

interface Described<Q, B> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below /api/v1, parameters as `:name`. */
  path: string
  /** One sentence for the reference. */
  summary: string
  query?: z.ZodType<Q>
  /** JSON; absent when there is none, `'text'` when the handler reads text of several formats. */
  body?: z.ZodType<B>
  rawBody?: boolean
  /** The body is a file; the handler reads its bytes. */
  takesFile?: boolean
  limitBytes?: number
  /** Whether an empty body stands for `{}`. */
  bodyOptional?: boolean
  /** What comes back, by status. */
  answers: Record<number, string>
}

/** One address of the REST API: what serves it and what the reference says of it are made from the same words. */
export interface Route extends Omit<Described<unknown, unknown>, 'query' | 'body'> {
  query?: z.ZodType
  body?: z.ZodType
  /** The least role; null: for everyone. */
  role: Role | null
  handle(app: App, caller: Caller | null, params: Record<string, string>, request: Request): Promise<Response>
}

export function route<Q = undefined, B = undefined>(
  described: Described<Q, B> & {
    role: Role
    handle(call: SignedCall<Q, B>): Promise<Response> | Response
  },
): Route {
  return {
    ...described,
    async handle(app, caller, params, request) {
      if (!caller) throw new Error(`${described.path} was reached without a caller.`)
      const { query, body } = await readCall(described, request)
      return described.handle({ app, caller, params, query, body, request })
    },
  }
}

export function publicRoute<Q = undefined, B = undefined>(
  described: Described<Q, B> & { handle(call: Call<Q, B>): Promise<Response> | Response },
): Route {
  return {
    ...described,
    role: null,
    async handle(app, _caller, params, request) {
      const { query, body } = await readCall(described, request)
      return described.handle({ app, params, query, body, request })
    },
  }
}

/** Parses what the route describes; what it does not describe stays undefined, as its types say. */
async function readCall<Q, B>(described: Described<Q, B>, request: Request): Promise<{ query: Q; body: B }> {
  const query = readQuery(described, new URL(request.url)) as Q
  if (!described.body) return { query, body: undefined as B }
  const text = await readText(request, described.limitBytes ?? bodyLimits.input)
  if (described.rawBody) return { query, body: described.body.parse(text) }
  const value = described.bodyOptional && text.trim() === '' ? {} : parseJson(text)
  return { query, body: described.body.parse(value) }
}

/** A fault of the whole query is told as such: without a path it would be one of the body. */
function readQuery<Q, B>({ query }: Described<Q, B>, url: URL): Q | undefined {
  const read = query?.safeParse(Object.fromEntries(url.searchParams))
  if (!read || read.success) return read?.data
  throw new z.ZodRealError(
    read.error.issues.map((issue) => (issue.path.length > 0 ? issue : { ...issue, path: ['query'] })),
  )
}
