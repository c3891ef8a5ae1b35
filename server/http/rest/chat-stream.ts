import type { App } from '../../app'
import type { Saying } from '../../conversations/accept'
import type { Reply } from '../../conversations/reply'
import { explain } from '../../explain'

const pingMs = 15_000

/**
 * The answer to a message as server-sent events: `accepted` when nothing can lose it any more, `run` with its id, `text` for each piece as it is
 * written, then `reply`, or `error`. Who goes away loses nothing: the answer will be among the messages.
 */
export function streamReply(
  app: App,
  saying: Saying,
  limitMs: number,
  write: (reply: Reply) => object | Promise<object>,
): Response {
  const encoder = new TextEncoder()
  let isOpen = true
  let ping: NodeJS.Timeout | undefined
  const body = new ReadableStream<Uint8Array>({
    async start(stream) {
      const send = (event: string, data: object) => {
        if (isOpen) stream.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
      }
      ping = setInterval(() => {
        if (isOpen) stream.enqueue(encoder.encode(': ping\n\n'))
      }, pingMs)
      try {
        const reply = await app.conversations.say(saying, {
          limitMs,
          onAccepted: ({ thread, message }) => send('accepted', { thread_id: thread, message_id: message }),
          // Which runs there are is nothing for strangers.
          onRun: (run) => {
            if (saying.link === null) send('run', { run })
          },
          onText: (chunk) => send('text', { chunk }),
        })
        send('reply', await write(reply))
      } catch (error) {
        const { status, code, message } = explain(error)
        if (status === 500) app.log.error({ err: error }, 'A conversation failed')
        send('error', { status, code, message })
      }
      clearInterval(ping)
      if (isOpen) stream.close()
    },
    cancel() {
      isOpen = false
      clearInterval(ping)
    },
  })
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  })
}
