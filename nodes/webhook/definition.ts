import { z } from 'zod'
import { parseDurationMs } from '@/flow/duration'
import { text } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import type { Problem } from '@/flow/problem'
import { oneLine } from '../summary'

export const hookMethods = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'ANY'] as const

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'Write the name of a header, such as X-Signature.')

/** ISO 8601, more than nothing and no more than `longest`. */
function duration(longest: string) {
  const limitMs = parseDurationMs(longest) ?? 0
  return z.string().refine((text) => {
    const ms = parseDurationMs(text)
    return ms !== null && ms > 0 && ms <= limitMs
  }, `Write a duration such as PT30S or PT5M, ${longest} at most.`)
}

const hookAuthSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('bearer'),
      token: text({
        label: 'Token',
        help: 'What must follow `Bearer ` in the Authorization header.',
        example: '${secrets.HOOK_TOKEN}',
        secret: true,
      }),
    })
    .meta({ label: 'Bearer token' }),
  z
    .strictObject({
      type: z.literal('basic'),
      username: text({
        label: 'User name',
        help: 'Who the caller says that it is.',
        example: 'shop',
        secret: true,
      }),
      password: text({
        label: 'Password',
        help: 'Best kept as a secret.',
        example: '${secrets.HOOK_PASSWORD}',
        secret: true,
      }),
    })
    .meta({ label: 'User name and password' }),
  z
    .strictObject({
      type: z.literal('header'),
      name: text({ label: 'Header', help: 'Its name; large and small letters alike.', example: 'X-Token' }),
      value: text({
        label: 'Value',
        help: 'What the header must hold.',
        example: '${secrets.HOOK_TOKEN}',
        secret: true,
      }),
    })
    .meta({ label: 'A header' }),
  z
    .strictObject({
      type: z.literal('hmac'),
      secret: text({
        label: 'Secret',
        help: 'What the sender signs with. One that begins with whsec_ is meant as base64.',
        example: '${secrets.HOOK_SECRET}',
        secret: true,
      }),
      header: headerName.meta({
        label: 'Header with the signature',
        help: 'Hexadecimal or base64, alone or behind a name (sha256=…).',
        example: 'X-Hub-Signature-256',
      }),
      timestampHeader: headerName.optional().meta({
        label: 'Header with the time',
        help: 'Not needed where the time stands beside the signature (t=…).',
        example: 'X-Request-Timestamp',
      }),
      signed: z
        .string()
        .max(200)
        .refine((signed) => signed.includes('{body}'), 'What is signed must hold {body}.')
        .optional()
        .meta({
          label: 'What is signed',
          help: '{body}, {timestamp}, and headers by name. Without it {body}, or {timestamp}.{body} when a header has the time.',
          example: '{timestamp}.{body}',
          advanced: true,
        }),
      tolerance: duration('PT24H').default('PT5M').meta({
        label: 'Oldest call',
        help: 'A call signed longer ago, or that far ahead, is refused.',
        control: 'duration',
        advanced: true,
      }),
    })
    .meta({ label: 'A signature (HMAC-SHA256)' }),
])
export type HookAuth = z.output<typeof hookAuthSchema>

const config = z.strictObject({
  path: z
    .string()
    .regex(
      /^\/?[A-Za-z0-9][A-Za-z0-9._~-]*(?:\/[A-Za-z0-9._~-]+)*$/,
      'A path is words of letters, digits, - . _ and ~ with / between, such as orders/new.',
    )
    .regex(/^(?!\/?test\/)/, 'Paths that begin with test/ are kept for trying drafts.')
    .max(200)
    .meta({
      label: 'Path',
      help: 'The flow is called at /hooks/ and this path. Each path can belong to one flow only.',
      example: 'orders/new',
    }),
  method: z
    .enum(hookMethods)
    .default('POST')
    .meta({ label: 'Method', help: 'Calls by another one are refused.', options: { ANY: 'Any method' } }),
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
  answerWithin: duration('PT2M').default('PT2M').meta({
    label: 'Longest wait',
    help: 'A caller that waits for the end gets 202 and the number of the run after this.',
    control: 'duration',
    advanced: true,
  }),
  auth: hookAuthSchema
    .optional()
    .meta({ label: 'Who may call', help: 'Without it anyone who knows the address may.', advanced: true }),
  dedupeKey: text({
    label: 'Same call',
    help: 'Calls for which this gives the same text within 24 hours start one run.',
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
  check({ auth }, node) {
    const report = (code: string, key: string, message: string): Problem[] => [
      { code, severity: 'error', node: node.id, path: ['auth', key], message },
    ]
    const [empty] = Object.entries(auth ?? {}).find(([, given]) => given === '') ?? []
    if (empty !== undefined) {
      return report(
        'required',
        empty,
        'Without this anybody may call. Name a secret: ${secrets.HOOK_SECRET}.',
      )
    }
    if (auth?.type !== 'hmac' || auth.timestampHeader === undefined) return []
    if (auth.signed === undefined || auth.signed.includes('{timestamp}')) return []
    return report(
      'timestamp_unsigned',
      'signed',
      'The time is not part of what is signed, so anybody could change it. Add {timestamp}, or leave its header out.',
    )
  },
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
