import { describe, expect, test } from 'vitest'
import { documentSchema } from '@/flow/document'
import type { RunEvent } from '@/flow/run/event'
import { maskDocument, maskEvents } from './shared-view'

const documentOf = (...nodes: object[]) =>
  documentSchema.parse({ millrace: 1, id: 'shown', nodes, extensions: { needs: ['a key'] } })
const configOf = (node: object) => maskDocument(documentOf(node)).nodes[0]?.config

describe('a shared document', () => {
  test('covers what is written into secret fields, and leaves names of stored secrets', () => {
    const headers = { Authorization: 'Bearer abc', 'X-Key': '${secrets.KEY}', Accept: 'text/html' }
    const config = { method: 'GET', url: 'https://example.com/${input.id}', headers }
    expect(configOf({ id: 'call', kind: 'http_request', config })).toMatchObject({
      method: 'GET',
      url: 'https://example.com/${input.id}',
      headers: { Authorization: '•••', 'X-Key': '${secrets.KEY}', Accept: 'text/html' },
    })
  })

  test('covers what a webhook wants to be told, and the address of one that wants nothing', () => {
    const auth = { type: 'bearer', token: 'abc' }
    expect(configOf({ id: 'hook', kind: 'webhook', config: { path: 'p', auth } })).toEqual({
      path: 'p',
      auth: { type: 'bearer', token: '•••' },
    })
    expect(configOf({ id: 'hook', kind: 'webhook', config: { path: 'p' } })).toEqual({ path: '•••' })
  })

  test('shows no samples, no extensions and no config of a kind that is unknown here', () => {
    const masked = maskDocument(
      documentOf(
        { id: 'a', kind: 'text', config: { text: 'hi' }, sample: 'x' },
        { id: 'b', kind: 'odd', config: { k: 'v' } },
      ),
    )
    expect(masked.extensions).toBeUndefined()
    expect(masked.nodes[0]).not.toHaveProperty('sample')
    expect(masked.nodes[0]?.config).toEqual({ text: 'hi' })
    expect(masked.nodes[1]?.config).toEqual({})
  })
})

describe('a shared history', () => {
  const at = '2026-01-01T00:00:00.000Z'
  const events: RunEvent[] = [
    {
      seq: 1,
      at,
      type: 'run_started',
      data: {
        flow: 'shown',
        version: 1,
        number: 1,
        node: 'hook',
        cause: 'webhook',
        trigger: { headers: { 'x-forwarded-for': '10.0.0.1' }, body: { n: 1 } },
        state: {},
        user: 'ada@example.com',
      },
    },
    {
      seq: 2,
      at,
      type: 'step_waiting',
      step: 'ask',
      data: { wait: { for: 'answer', title: 'Go on?' }, token: 'unguessable' },
    },
    {
      seq: 3,
      at,
      type: 'answer_received',
      step: 'ask',
      data: { resolution: { by: 'answer', at, answer: 'approved', person: 'bob@example.com' } },
    },
    {
      seq: 4,
      at,
      type: 'step_completed',
      step: 'ask',
      data: {
        port: 'approved',
        output: { decision: 'approved', by: 'bob@example.com', for: ['ada@example.com'] },
      },
    },
  ]

  test('tells nothing that lets a stranger act, and nobody’s name', () => {
    const text = JSON.stringify(maskEvents(events))
    expect(text).not.toMatch(/unguessable|example\.com|10\.0\.0\.1/)
  })

  test('keeps every event and what happened', () => {
    const masked = maskEvents(events)
    expect(masked.map(({ seq, type, step }) => ({ seq, type, step }))).toEqual(
      events.map(({ seq, type, step }) => ({ seq, type, step })),
    )
    expect(masked[0]?.data).toMatchObject({ trigger: { body: { n: 1 } } })
    expect(masked[3]?.data).toMatchObject({ output: { decision: 'approved' } })
  })
})
