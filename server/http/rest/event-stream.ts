import { isTerminal, type RunStatus } from '@/flow/run/event'
import type { App } from '../../app'
import { followRun, type RunMessage } from '../../runs/follow'

const pingMs = 15_000
const retryMs = 1_000

/** A run's history as server-sent events: `id` is the seq, `event` the type; a piece of text has no id. */
export function streamEvents(
  app: App,
  workspaceId: string,
  run: { id: string; status: RunStatus; lastSeq: number },
  afterSeq: number,
): Response {
  // 204 is what ends an EventSource that would otherwise connect for ever.
  if (isTerminal(run.status) && run.lastSeq <= afterSeq) return new Response(null, { status: 204 })
  const ending = new AbortController()
  const encoder = new TextEncoder()
  let ping: NodeJS.Timeout | undefined
  const body = new ReadableStream<Uint8Array>({
    async start(stream) {
      const send = (text: string) => stream.enqueue(encoder.encode(text))
      send(`retry: ${retryMs}\n\n`)
      ping = setInterval(() => send(': ping\n\n'), pingMs)
      try {
        for await (const message of followRun(app, workspaceId, run.id, afterSeq, ending.signal)) {
          send(written(message))
        }
      } catch (error) {
        // The reader connects again after its last event; what went wrong is in the log.
        app.log.warn({ err: error, run: run.id }, 'A stream of events broke off')
      }
      clearInterval(ping)
      if (!ending.signal.aborted) stream.close()
    },
    cancel() {
      clearInterval(ping)
      ending.abort()
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

function written(message: RunMessage): string {
  if (message.kind === 'text') {
    const { step, chunk } = message
    return `event: text\ndata: ${JSON.stringify({ step, chunk })}\n\n`
  }
  return message.events
    .map((event) => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('')
}
