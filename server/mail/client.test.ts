import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import type { MailMessage } from '@/nodes/step'
import { createMailClient } from './client'
import { startMailServer, type MailServer } from './testing/mail-server'

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function serve(behaviour?: SMTPServerOptions): Promise<MailServer> {
  const server = await startMailServer(behaviour)
  running.push(server)
  return server
}

const send = (url: string | undefined, message: Partial<MailMessage> = {}) =>
  createMailClient(url).send({
    to: 'ana@example.com',
    subject: 'Hello',
    body: 'Dear Ana',
    messageId: 'one@millrace',
    signal: new AbortController().signal,
    ...message,
  })

describe('a message', () => {
  test('is taken with its sender, its receivers and its id', async () => {
    const server = await serve()
    const receipt = await send(server.url, {
      to: 'Ana Sommer <ana@example.com>, ben@example.com',
      cc: 'team@example.com',
      from: 'Shop <shop@example.com>',
      replyTo: 'help@example.com',
      subject: 'Grüße aus Köln',
    })
    expect(receipt).toEqual({
      messageId: 'one@millrace',
      accepted: ['ana@example.com', 'ben@example.com', 'team@example.com'],
      rejected: [],
    })
    const [mail] = server.received
    expect(mail).toMatchObject({ from: 'shop@example.com', to: receipt.accepted })
    expect(mail?.source).toMatch(/^Message-ID: <one@millrace>\r$/m)
    expect(mail?.source).toMatch(/^From: Shop <shop@example.com>\r$/m)
    expect(mail?.source).toMatch(/^To: Ana Sommer <ana@example.com>, ben@example.com\r$/m)
    expect(mail?.source).toMatch(/^Reply-To: help@example.com\r$/m)
    expect(mail?.source).toMatch(/^Subject: =\?UTF-8\?/m)
    expect(mail?.source).toMatch(/^Content-Type: text\/plain/m)
    expect(mail?.source).toContain('Dear Ana')
  })

  test.each(['<p>Dear Ana</p>', ' <!DOCTYPE html><html></html>', '<div class="x">Dear Ana</div>'])(
    '%s goes as HTML',
    async (body) => {
      const server = await serve()
      await send(server.url, { body })
      expect(server.received[0]?.source).toMatch(/^Content-Type: text\/html/m)
    },
  )

  test('cannot bring headers of its own in with its fields', async () => {
    const server = await serve()
    await send(server.url, { subject: 'Hello\r\nBcc: eve@example.com', to: 'ana@example.com' })
    expect(server.received[0]?.to).toEqual(['ana@example.com'])
    expect(server.received[0]?.source).not.toMatch(/^Bcc:/m)
  })

  test('cannot read files of the server', async () => {
    const server = await serve()
    await send(server.url, { body: '<img src="file:///etc/passwd"><p>{"path": "/etc/passwd"}</p>' })
    expect(server.received[0]?.source).not.toContain('root:')
  })

  test.each([
    ['', 'millrace@127.0.0.1'],
    ['?from=shop@example.com', 'shop@example.com'],
  ])('without a sender is from the one of the settings (%s)', async (query, from) => {
    const server = await serve()
    await send(`${server.url}/${query}`)
    expect(server.received[0]?.from).toBe(from)
  })

  test('is sent as the user of the address', async () => {
    const server = await serve()
    await send(`smtp://shop%40example.com:pa%3Ass@127.0.0.1:${server.port}`)
    expect(server.received[0]).toMatchObject({ user: 'shop@example.com', from: 'shop@example.com' })
  })
})

describe('an address', () => {
  test.each(['', ' ', 'nobody', 'ana@example.com, nobody', 'a@b@c'])(
    '%j is refused before anything is sent',
    async (to) => {
      const server = await serve()
      await expect(send(server.url, { to })).rejects.toMatchObject({
        code: 'mail_address_invalid',
        retryable: false,
      })
      expect(server.received).toEqual([])
    },
  )
})

const answer = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

describe('a mail server', () => {
  test('that is not set up is told of', async () => {
    await expect(send(undefined)).rejects.toMatchObject({ code: 'mail_not_set_up', retryable: false })
  })

  test('that is away is worth another attempt', async () => {
    const server = await startMailServer()
    await server.close()
    await expect(send(server.url)).rejects.toMatchObject({
      code: 'mail_unreachable',
      retryable: true,
      message: expect.stringContaining(`127.0.0.1:${server.port}`),
    })
  })

  test('that is busy is worth another attempt', async () => {
    const server = await serve({ onMailFrom: (_, __, callback) => callback(answer(451, 'try later')) })
    await expect(send(server.url)).rejects.toMatchObject({
      code: 'mail_deferred',
      retryable: true,
      message: expect.stringContaining('try later'),
    })
  })

  test('that refuses the message is not', async () => {
    const server = await serve({ onRcptTo: (_, __, callback) => callback(answer(550, 'no such user')) })
    await expect(send(server.url)).rejects.toMatchObject({
      code: 'mail_refused',
      retryable: false,
      details: { status: 550 },
    })
  })

  test('that refuses one of several receivers gets the message for the others', async () => {
    const server = await serve({
      onRcptTo: ({ address }, _, callback) =>
        callback(address.startsWith('ben') ? answer(550, 'no such user') : null),
    })
    expect(await send(server.url, { to: 'ana@example.com, ben@example.com' })).toMatchObject({
      accepted: ['ana@example.com'],
      rejected: ['ben@example.com'],
    })
  })

  test('that does not know the user says so, without the password', async () => {
    const server = await serve({ onAuth: (_, __, callback) => callback(answer(535, 'wrong password')) })
    const failure = await send(`smtp://me:sesame@127.0.0.1:${server.port}`).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'mail_auth', retryable: false })
    expect(String(failure)).not.toContain('sesame')
  })

  test('whose certificate nobody vouches for is not talked to', async () => {
    const server = await serve({ secure: true })
    const url = `smtps://127.0.0.1:${server.port}`
    await expect(send(url)).rejects.toMatchObject({ code: 'mail_tls', retryable: false })
    expect(await send(`${url}?tls.rejectUnauthorized=false`)).toMatchObject({ rejected: [] })
  })

  test('that goes away before it has said whether it took the message leaves that open', async () => {
    const server = await serve({
      onData(stream) {
        stream.on('end', () => [...closing.connections].forEach((socket) => socket.destroy())).resume()
      },
    })
    const closing = await relay(server.port)
    await expect(send(`smtp://127.0.0.1:${closing.port}`)).rejects.toMatchObject({
      code: 'interrupted',
      retryable: false,
    })
  })
})

test('a cancelled step ends the conversation at once', async () => {
  const cancelling = new AbortController()
  const server = await serve({ onMailFrom: () => cancelling.abort(new Error('the run was cancelled')) })
  await expect(send(server.url, { signal: cancelling.signal })).rejects.toThrow('the run was cancelled')
  expect(server.received).toEqual([])
})

/** A way to a port whose connections can be cut. */
async function relay(to: number) {
  const connections = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1')
    connections.add(client)
    for (const [from, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('error', () => other.destroy()).on('close', () => other.destroy())
      from.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  running.push({
    close: async () => {
      connections.forEach((socket) => socket.destroy())
      await new Promise((resolve) => server.close(resolve))
    },
  })
  return { port, connections }
}
