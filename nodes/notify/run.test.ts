import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '@/flow/json'
import type { HttpRequest } from '../step'
import { doneOf, perform } from '../testing/perform'

const url = 'https://hooks.example.com/services/very/secret'

async function post(
  config: object,
  answer: { status: number; headers?: Record<string, string> } = { status: 200 },
) {
  const sent: HttpRequest[] = []
  const http = async (request: HttpRequest) => {
    sent.push(request)
    return { headers: {}, ...answer, body: new TextEncoder().encode('no_text') }
  }
  const performed = await perform(
    'notify',
    { url: '${secrets.HOOK}', text: 'Order ${input.id}', ...config },
    { input: { id: 7, note: 'a < b & c', none: null }, secrets: { HOOK: url }, services: { http } },
  )
  const request = sent[0]
  return { ...performed, request, body: JSON.parse(request?.body ?? '') as JsonObject }
}

test('the message is posted with the key of the step', async () => {
  const { outcome, request } = await post({})
  expect(doneOf(outcome)).toEqual({ port: 'done', output: { status: 200 } })
  expect(request).toMatchObject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', 'idempotency-key': 'run:step:1' },
  })
})

describe('what is posted', () => {
  test('as JSON is the text and the data', async () => {
    const { body } = await post({ data: { id: '${input.id}', none: '${input.none}' } })
    expect(body).toEqual({ text: 'Order 7', data: { id: 7, none: null } })
  })

  test('to Slack is text with blocks, in which nothing can call anybody', async () => {
    const { body } = await post({
      format: 'slack',
      text: '<!channel> & ${input.note}',
      data: { Note: '${input.note}' },
    })
    expect(body.text).toBe('&lt;!channel&gt; &amp; a &lt; b &amp; c')
    expect(body.blocks).toEqual([
      { type: 'section', text: { type: 'mrkdwn', text: body.text } },
      { type: 'section', fields: [{ type: 'mrkdwn', text: '*Note*\na &lt; b &amp; c' }] },
    ])
    expect((await post({ format: 'slack' })).body).toEqual({ text: 'Order 7' })
  })

  test('to Slack has at most ten facts a block', async () => {
    const data = Object.fromEntries(Array.from({ length: 23 }, (_, index) => [`f${index}`, 'x']))
    const { blocks } = (await post({ format: 'slack', data })).body as { blocks: { fields?: Json[] }[] }
    expect(blocks.map((block) => block.fields?.length)).toEqual([undefined, 10, 10, 3])
  })

  test('to Teams is an adaptive card', async () => {
    const { body } = await post({ format: 'teams', data: { Id: '${input.id}', None: '${input.none}' } })
    expect(body).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            body: [
              { type: 'TextBlock', text: 'Order 7', wrap: true },
              { type: 'FactSet', facts: [{ title: 'Id', value: '7' }] },
            ],
          },
        },
      ],
    })
  })
})

test.each([
  [404, false],
  [429, true],
  [503, true],
])(
  'an answer of %i is an error (worth another attempt: %s) that does not show the address',
  async (status, retryable) => {
    const failure = post({}, { status, headers: { 'retry-after': '3' } })
    await expect(failure).rejects.toMatchObject({
      code: 'http_status',
      retryable,
      message: `The webhook at hooks.example.com answered ${status}.`,
      details: { status, body: 'no_text', retryAfterMs: 3_000 },
    })
  },
)

test.each([' ', 'ftp://x', 'hooks.example.com'])('%j is no address', async (address) => {
  const given = { url: '${input.id}', text: 'x' }
  await expect(perform('notify', given, { input: { id: address } })).rejects.toMatchObject({
    code: 'http_url_invalid',
  })
})
