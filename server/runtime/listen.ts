import { keepConnected, type LastingConnection } from './connection'

/** What processes tell each other through Postgres. Any word may be lost: whoever waits for one also polls. */
export interface Words {
  /** These runs have new events. */
  events(runs: string[]): void
  /** Look into this run's inbox. */
  wake(run: string): void
  text(run: string, step: string, chunk: string): void
  /** Triggers or live versions changed. */
  routes(): void
  /** The connection is back after a loss: anything may have happened. */
  missed(): void
}

const channels = ['millrace_events', 'millrace_wake', 'millrace_text', 'millrace_routes']

export function listen(url: string, words: Words): LastingConnection {
  let isFirst = true
  return keepConnected(url, 'millrace listen', async (client) => {
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === 'millrace_events') words.events(payload.split(','))
      else if (channel === 'millrace_wake') words.wake(payload)
      else if (channel === 'millrace_text') readText(payload, words)
      else words.routes()
    })
    await client.query(channels.map((channel) => `listen ${channel}`).join('; '))
    if (!isFirst) words.missed()
    isFirst = false
  })
}

/** `run step\nchunk`; neither a run's id nor a step's holds a blank or a line break. */
export function writeText(run: string, step: string, chunk: string): string {
  return `${run} ${step}\n${chunk}`
}

function readText(payload: string, words: Words): void {
  const blank = payload.indexOf(' ')
  const line = payload.indexOf('\n')
  if (blank > 0 && line > blank) {
    words.text(payload.slice(0, blank), payload.slice(blank + 1, line), payload.slice(line + 1))
  }
}
