import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** What the server took. */
interface ReceivedMail {
  from: string
  to: string[]
  user: string
  /** Headers and body as they came. */
  source: string
}

export interface MailServer {
  /** For SMTP_URL; without a user. */
  url: string
  port: number
  received: ReceivedMail[]
  close(): Promise<void>
}

/** A real mail server that keeps what it is sent. `behaviour` overrides its answers. */
export async function startMailServer(behaviour: SMTPServerOptions = {}): Promise<MailServer> {
  const received: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    hideSTARTTLS: true,
    onAuth: ({ username }, _, callback) => callback(null, { user: username ?? '' }),
    onData(stream, session, callback) {
      void text(stream).then((source) => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          user: typeof session.user === 'string' ? session.user : '',
          source,
        })
        callback()
      })
    },
    ...behaviour,
  })
  // Clients that go away in the middle are what some tests are about.
  server.on('error', () => undefined)
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
