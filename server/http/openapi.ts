import { z } from 'zod'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import type { App } from '../app'
import { publicUrl } from '../env'
import type { Route } from './route'

const errorContent: JsonObject = {
  'application/json': { schema: { $ref: '#/components/schemas/Error' } },
}

/** OpenAPI 3.1 of the routes; made from what serves them, so it cannot say something else. */
export function openApi(routes: readonly Route[], app: Pick<App, 'env' | 'version'>): JsonObject {
  const paths: { [path: string]: JsonObject } = {}
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version: app.version,
      description:
        'Flows, runs and events. Sign in with an API key or an access token as the bearer, or with e-mail and password as Basic.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl(app.env) }],
    security: [{ bearer: [] }, { basic: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or an access token of /auth/login.',
        },
        basic: { type: 'http', scheme: 'basic', description: 'E-mail and password.' },
      },
      schemas: {
        Error: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message'],
              properties: { code: { type: 'string' }, message: { type: 'string' }, details: {} },
            },
          },
        },
      },
    },
  }
}

function operation(route: Route): JsonObject {
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.path.split('/')[1] ?? ''],
    ...(route.role === null ? { security: [] } : {}),
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...(route.body ? { requestBody: requestBody(route.body, route) } : {}),
    ...(route.takesFile ? { requestBody: fileBody } : {}),
    responses: responses(route),
  }
}

/** `POST /flows/:id/runs` → `post_flows_id_runs`. */
export function operationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method.toLowerCase()}${path.replace(/[/:]+/g, '_')}`
}

function pathParameters({ path }: Route): JsonObject[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

export function queryParameters({ query }: Pick<Route, 'query'>): JsonObject[] {
  if (!query) return []
  const { properties, required } = schemaOf(query)
  const names = Array.isArray(required) ? required : []
  return Object.entries(isObject(properties) ? properties : {}).map(([name, schema]): JsonObject => ({
    name,
    in: 'query',
    required: names.includes(name),
    schema: schema ?? {},
  }))
}

const fileBody: JsonObject = {
  required: true,
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
}

function requestBody(body: z.ZodType, route: Route): JsonObject {
  const schema = route.rawBody ? { $ref: '/flow.schema.json' } : schemaOf(body)
  return { required: !route.bodyOptional, content: { 'application/json': { schema } } }
}

/** As JSON Schema, of what is sent: what has a default may be left out. */
function schemaOf(type: z.ZodType): JsonObject {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' })
  // It is JSON by what it is; its own type says `unknown` in places.
  const plain: Json = JSON.parse(JSON.stringify(schema))
  return isObject(plain) ? plain : {}
}

function responses({ answers, role }: Route): JsonObject {
  const always: Record<number, string> =
    role === null ? {} : { 401: 'Not signed in.', 404: 'Not there, or another workspace’s.' }
  const all = Object.entries({ ...always, ...answers })
  return Object.fromEntries(
    all.map(([status, description]) => [status, response(Number(status), description)]),
  )
}

function response(status: number, description: string): JsonObject {
  if (status === 204) return { description }
  return { description, content: status >= 400 ? errorContent : { 'application/json': { schema: {} } } }
}
