/** One event of a `text/event-stream`. */
export interface StreamedEvent {
  id?: string
  event?: string
  data?: string
}

/** Reads a stream to its end, or until an event is the one; then lets go of it as a reader that went away. */
export async function readStream(
  response: Response,
  { until = () => false }: { until?: (event: StreamedEvent) => boolean } = {},
): Promise<StreamedEvent[]> {
  const events: StreamedEvent[] = []
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) return events
  let text = ''
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    text += read.value
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const event: StreamedEvent = Object.fromEntries(
        block
          .split('\n')
          .filter((line) => /^(id|event|data):/.test(line))
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      )
      if (event.data === undefined) continue
      events.push(event)
      if (!until(event)) continue
      await reader.cancel()
      return events
    }
  }
  return events
}
