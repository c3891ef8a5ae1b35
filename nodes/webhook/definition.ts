import { z } from 'zod'
import { text } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

export const hookMethods = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'ANY'] as const

const hookAuthSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('bearer'),
      token: text({
        label: 'Token',
        help: 'What must follow `Bearer ` in the Authorization header.',
        secret: true,
      }),
    })
    .meta({ label: 'Bearer token' }),
  z
    .strictObject({
      type: z.literal('basic'),
      username: text({ label: 'User name', secret: true }),
      password: text({ label: 'Password', secret: true }),
    })
    .meta({ label: 'User name and password' }),
  z
    .strictObject({
      type: z.literal('header'),
      name: text({ label: 'Header', example: 'X-Token' }),
      value: text({ label: 'Value', help: 'What the header must hold.', secret: true }),
    })
    .meta({ label: 'A header' }),
])
export type HookAuth = z.output<typeof hookAuthSchema>

const config = z.strictObject({
  path: z
    .string()
    .regex(
      /^\/?[A-Za-z0-9][A-Za-z0-9._~-]*(?:\/[A-Za-z0-9._~-]+)*$/,
      'A path is words of letters, digits, - . _ and ~ with / between, such as orders/new.',
    )
    .max(200)
    .meta({
      label: 'Path',
      help: 'The flow is called at /hooks/ and this path. Each path can belong to one flow only.',
      example: 'orders/new',
    }),
  method: z
    .enum(hookMethods)
    .default('POST')
    .meta({ label: 'Method', options: { ANY: 'Any method' } }),
  respond: z
    .enum(['end', 'now'])
    .default('end')
    .meta({
      label: 'Answer',
      help: 'Whether the caller waits for the result of the run.',
      options: {
        end: 'When the run ends, with its output',
        now: 'At once, with 202 and the number of the run',
      },
    }),
  auth: hookAuthSchema
    .optional()
    .meta({ label: 'Who may call', help: 'Without it anyone who knows the address may.', advanced: true }),
  dedupeKey: text({
    label: 'Same call',
    help: 'Two calls for which this gives the same text start one run.',
    example: '${trigger.headers."x-request-id"}',
    advanced: true,
  }).optional(),
})
export type Config = z.output<typeof config>

/** The path without the slash that it may begin with: how it is stored and looked up. */
export function hookPath(path: string): string {
  return path.replace(/^\//, '')
}

export const definition = defineKind<Config>({
  kind: 'webhook',
  title: 'Webhook',
  category: 'trigger',
  icon: 'webhook',
  description: 'Begins a run when another program calls an address of this flow.',
  keywords: ['http', 'hook', 'callback', 'trigger', 'api', 'url', 'incoming'],
  config,
  defaults: { path: '', method: 'POST', respond: 'end' },
  ports: () => [donePort],
  summary: (config) => `${oneLine(config.method ?? 'POST')} /hooks/${hookPath(oneLine(config.path))}`,
  effect: 'none',
  trigger: true,
  addresses: ({ method = 'POST', path }) =>
    (method === 'ANY' ? hookMethods : [method]).map((each) => `${each} ${hookPath(oneLine(path))}`),
  outputSchema: () => ({
    type: 'object',
    properties: {
      method: { type: 'string' },
      path: { type: 'string' },
      headers: { type: 'object', additionalProperties: { type: 'string' } },
      query: { type: 'object' },
      body: {},
    },
  }),
})
