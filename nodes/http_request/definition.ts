import { z } from 'zod'
import { text, value, values } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const safeToRepeat: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])

const config = z.strictObject({
  method: z
    .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
    .default('GET')
    .meta({ label: 'Method', help: 'GET reads, POST adds, PUT replaces, PATCH changes, DELETE removes.' }),
  url: text({
    label: 'Address',
    help: 'With https:// or http:// in front.',
    example: 'https://api.example.com/customers/${input.id}',
    control: 'line',
    secret: true,
  }).min(1, 'Write the address to call, such as https://api.example.com/orders.'),
  headers: values({
    label: 'Headers',
    help: 'Sent along with the request; keys and tokens as secrets.',
    example: 'Bearer ${secrets.API_TOKEN}',
    secret: true,
  }).optional(),
  query: values({
    label: 'Query',
    help: 'Added to the address after ?. A list repeats its name.',
    example: '${input.city}',
    secret: true,
  }).optional(),
  body: value({
    label: 'Body',
    help: 'A text is sent as it stands; anything else as JSON.',
    example: '{ "name": "${input.name}" }',
    control: 'json',
    secret: true,
  }).optional(),
  responseType: z
    .enum(['auto', 'json', 'text'])
    .default('auto')
    .meta({
      label: 'Read the answer as',
      help: 'What `body` of the output holds.',
      options: { auto: 'What it says it is', json: 'JSON', text: 'Text' },
      advanced: true,
    }),
  failOn: z
    .enum(['4xx5xx', '5xx', 'never'])
    .default('4xx5xx')
    .meta({
      label: 'Fails on',
      help: 'Answers that count as an error of this step.',
      options: { '4xx5xx': 'Status 400 and above', '5xx': 'Status 500 and above', never: 'No status' },
      advanced: true,
    }),
  idempotent: z.boolean().optional().meta({
    label: 'Safe to send twice',
    help: 'The receiver honours the Idempotency-Key header, so a POST or PATCH cut off by a crash may be sent again.',
    advanced: true,
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'http_request',
  title: 'HTTP request',
  category: 'action',
  icon: 'globe',
  description: 'Calls an address on the web and yields its answer.',
  keywords: ['api', 'rest', 'fetch', 'url', 'get', 'post', 'call', 'webhook', 'curl'],
  config,
  defaults: { method: 'GET', url: '' },
  ports: () => [donePort],
  summary: (config) =>
    `${oneLine(config.method ?? 'GET')} ${oneLine(config.url).replace(/^https?:\/\//, '')}`.trim(),
  effect: (config) =>
    safeToRepeat.has(config.method ?? 'GET') || config.idempotent === true ? 'idempotent' : 'once',
  outputSchema: () => ({
    type: 'object',
    properties: {
      status: { type: 'integer' },
      headers: { type: 'object', additionalProperties: { type: 'string' } },
      body: {},
    },
  }),
})
