import { expect, test } from 'vitest'
import type { MailMessage } from '../step'
import { doneOf, perform } from '../testing/perform'

async function send(config: object) {
  const sent: MailMessage[] = []
  const mail = async (message: MailMessage) => {
    sent.push(message)
    return { messageId: message.messageId, accepted: [message.to], rejected: [] }
  }
  const { outcome } = await perform(
    'email',
    { to: '${input.email}', subject: 'Hello ${input.name}', body: 'Dear ${input.name}', ...config },
    { input: { email: 'ana@example.com', name: 'Ana' }, services: { mail } },
  )
  return { outcome, message: sent[0] }
}

test('the receipt is the output', async () => {
  const { outcome, message } = await send({})
  const { messageId } = message ?? {}
  expect(message).toEqual({
    to: 'ana@example.com',
    subject: 'Hello Ana',
    body: 'Dear Ana',
    messageId: expect.stringMatching(/^[0-9a-f]{32}@millrace$/),
    signal: expect.any(AbortSignal),
  })
  expect(doneOf(outcome)).toEqual({
    port: 'done',
    output: { messageId, accepted: ['ana@example.com'], rejected: [] },
  })
})

test('a second attempt has the same message id', async () => {
  expect((await send({})).message?.messageId).toBe((await send({})).message?.messageId)
})

test('what is left empty is left out', async () => {
  const { message } = await send({ cc: ' ', from: 'Shop <shop@example.com>', replyTo: '' })
  expect(message).toMatchObject({ from: 'Shop <shop@example.com>' })
  expect(message).not.toHaveProperty('cc')
  expect(message).not.toHaveProperty('replyTo')
})
