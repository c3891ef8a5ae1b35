import { expect, test } from 'vitest'
import { parseEnv } from '../env'
import { docsPage } from './docs-page'
import { openApi, operationId } from './openapi'
import { routes } from './rest/routes'

const described = openApi(routes, {
  env: parseEnv({ MILLRACE_URL: 'https://flows.example.com' }),
  version: '1.2.3',
})

test('every route is described with its parameters, its body and its answers', () => {
  const paths = described.paths as Record<string, Record<string, Record<string, unknown>>>
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`
    const operation = paths[path]?.[route.method.toLowerCase()]
    expect(operation?.summary).toBe(route.summary)
    expect(Boolean(operation?.requestBody)).toBe(Boolean(route.body ?? route.takesFile))
    const named = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1])
    const parameters = operation?.parameters as { name: string; in: string }[]
    expect(
      parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name),
    ).toEqual(named)
    expect(Object.keys(operation?.responses ?? {})).toEqual(
      expect.arrayContaining(Object.keys(route.answers)),
    )
  }
})

test('operations have names of their own', () => {
  expect(new Set(routes.map(operationId)).size).toBe(routes.length)
})

test('it is plain JSON and names the address of this server', () => {
  expect(JSON.parse(JSON.stringify(described))).toEqual(described)
  expect(described).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://flows.example.com' }] })
})

test('the reference page shows every route and loads nothing from elsewhere', async () => {
  const page = String(await docsPage(routes, '1.2.3'))
  for (const route of routes) expect(page).toContain(`id="${operationId(route)}"`)
  expect(page).not.toMatch(/(?:src|href)="https?:/)
})
