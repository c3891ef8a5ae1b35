import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { StepError } from '@/flow/kind'
import type { MailMessage, MailReceipt } from '@/nodes/step'
import { createTurnstile } from '../turnstile'
import { addressesIn } from './addresses'
import { mailFailure } from './failure'

/** Mail servers refuse clients that open many connections. */
const connectionsAtOnce = 5
const connectMs = 10_000
const silenceMs = 60_000

export interface MailClient {
  /** Throws StepError `mail_…` or `interrupted`, or the abort's reason. */
  send(message: MailMessage): Promise<MailReceipt>
}

/** Hands messages to the mail server of SMTP_URL, `smtp://user:password@host:587` or `smtps://…`. */
export function createMailClient(smtpUrl: string | undefined): MailClient {
  const turnstile = createTurnstile(connectionsAtOnce)
  return {
    async send(message) {
      if (smtpUrl === undefined) {
        throw new StepError(
          'mail_not_set_up',
          'No mail server is set up. Start Millrace with SMTP_URL, such as smtp://user:password@mail.example.com:587.',
          { retryable: false },
        )
      }
      const server = parseConnectionUrl(smtpUrl)
      const letter = compose(message, senderOf(server))
      const leave = await turnstile.pass(message.signal)
      try {
        return await handOver(server, letter, message)
      } finally {
        leave()
      }
    },
  }
}

type MailServer = ReturnType<typeof parseConnectionUrl>

interface Letter {
  from: string
  to: string[]
  bytes: Buffer
}

/** `from` in the address of the mail server, else its user, else a name at its host. */
function senderOf(server: MailServer): string {
  if ('from' in server && typeof server.from === 'string') return server.from
  const user = server.auth?.user
  return typeof user === 'string' && user.includes('@') ? user : `millrace@${server.host ?? 'localhost'}`
}

function compose(message: MailMessage, sender: string): Promise<Letter> {
  const from = addressesIn('from', message.from ?? sender)
  const to = addressesIn('to', message.to)
  const cc = addressesIn('cc', message.cc ?? '')
  const replyTo = addressesIn('replyTo', message.replyTo ?? '')
  const [first] = from
  if (!first || to.length === 0) {
    throw new StepError(
      'mail_address_invalid',
      to.length === 0 ? 'The message has nobody to go to.' : 'The message has no sender.',
      { retryable: false },
    )
  }
  const isHtml = /^\s*<(?:!doctype|[a-z][a-z0-9]*[\s>])/i.test(message.body)
  const composed = new MailComposer({
    from,
    to,
    ...(cc.length > 0 ? { cc } : {}),
    ...(replyTo.length > 0 ? { replyTo } : {}),
    subject: message.subject,
    messageId: `<${message.messageId}>`,
    ...(isHtml ? { html: message.body } : { text: message.body }),
    // The body is what the step says: nothing is read from files or fetched for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  return new Promise((resolve, reject) => {
    composed.build((error, bytes) => {
      if (error || !bytes) reject(error ?? new Error('The message could not be composed.'))
      else resolve({ from: first.address, to: [...to, ...cc].map(({ address }) => address), bytes })
    })
  })
}

/** One conversation with the mail server; ended at once when aborted. */
async function handOver(
  server: MailServer,
  composing: Promise<Letter>,
  { messageId, signal }: MailMessage,
): Promise<MailReceipt> {
  const letter = await composing
  signal.throwIfAborted()
  const connection = new SMTPConnection({
    ...server,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
    socketCloseTimeout: 0,
  })
  const place = `${server.host ?? 'localhost'}:${connection.port}`
  let isHandedOver = false
  return new Promise((resolve, reject) => {
    const stop = () => fail(signal.reason)
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', stop)
      connection.close()
      reject(signal.aborted ? signal.reason : mailFailure(error, place, isHandedOver))
    }
    signal.addEventListener('abort', stop, { once: true })
    connection.on('error', fail)
    const send = () => {
      // Read only once the server has asked for it; read to its end, it may have been taken.
      const body = Readable.from([letter.bytes]).once('end', () => (isHandedOver = true))
      connection.send({ from: letter.from, to: letter.to }, body, (error, info) => {
        if (error || !info) return fail(error)
        signal.removeEventListener('abort', stop)
        connection.quit()
        resolve({ messageId, accepted: info.accepted, rejected: info.rejected })
      })
    }
    connection.connect((error) => {
      if (error) return fail(error)
      if (!server.auth) return send()
      connection.login(server.auth, (refused) => (refused ? fail(refused) : send()))
    })
  })
}
