import { expect, test } from 'vitest'
import { documentSchema, nodeSchema } from '@/flow/document'
import { effectOf, StepError } from '@/flow/kind'
import type { Services } from '../step'
import { doneOf, perform } from '../testing/perform'
import { definition } from './definition'

async function call(config: object, input: object | string = { name: 'Ada' }) {
  const asked: unknown[] = []
  const mcp: Services['mcp'] = {
    tools: () => Promise.resolve([]),
    call: (server, tool, args, _signal, key) => {
      asked.push([server, tool, args, key])
      return Promise.resolve({ found: 1 })
    },
  }
  const { outcome } = await perform(
    'mcp_tool',
    { server: 'crm', tool: 'find', ...config },
    { input: input as never, services: { mcp } },
  )
  return { asked: asked[0], done: doneOf(outcome) }
}

test('calls the tool with its arguments and the key of the step, and yields what it answers', async () => {
  const { asked, done } = await call({
    arguments: { who: '${input.name}', deep: { list: ['${input.name}', 1] } },
  })
  expect(asked).toEqual(['crm', 'find', { who: 'Ada', deep: { list: ['Ada', 1] } }, 'run:step:1'])
  expect(done).toEqual({ port: 'done', output: { found: 1 } })
})

test('without arguments it gives what came in, when that is an object', async () => {
  expect((await call({})).asked).toEqual(['crm', 'find', { name: 'Ada' }, 'run:step:1'])
  expect((await call({}, 'text')).asked).toEqual(['crm', 'find', {}, 'run:step:1'])
})

test('fails as the server does', async () => {
  const error = new StepError('mcp_tool_failed', 'Sold out.')
  const mcp = { tools: () => Promise.resolve([]), call: () => Promise.reject(error) }
  await expect(perform('mcp_tool', { server: 'crm', tool: 'find' }, { services: { mcp } })).rejects.toBe(
    error,
  )
})

test('is called again after a crash only when that does no harm', () => {
  const parse = (config: object) => definition.config.parse({ server: 'a', tool: 'b', ...config })
  expect(effectOf(definition, parse({}))).toBe('once')
  expect(effectOf(definition, parse({ idempotent: true }))).toBe('idempotent')
})

test('a password in the address is a problem', () => {
  const node = nodeSchema.parse({ id: 'n', kind: 'mcp_tool' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const codes = (server: string) =>
    definition.check?.(definition.config.parse({ server, tool: 'x' }), node, document).map(({ code }) => code)
  expect(codes('https://me:word@crm.example.com/mcp')).toEqual(['secret_in_flow'])
  expect(codes('https://crm.example.com/mcp')).toEqual([])
})
