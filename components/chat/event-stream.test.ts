import { expect, test } from 'vitest'
import { readEvents } from './event-stream'

async function eventsOf(pieces: (string | Uint8Array)[]) {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      for (const piece of pieces) stream.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece)
      stream.close()
    },
  })
  const events = []
  for await (const event of readEvents(body)) events.push(event)
  return events
}

test('events are read wherever the pieces are cut', async () => {
  const bytes = new TextEncoder().encode('event: text\ndata: {"chunk":"é"}\n\n')
  const middle = bytes.indexOf(0xc3) + 1
  expect(
    await eventsOf([
      ': ping\n\nevent: acc',
      'epted\ndata: 1\n',
      '\n',
      bytes.slice(0, middle),
      bytes.slice(middle),
    ]),
  ).toEqual([
    { event: 'accepted', data: '1' },
    { event: 'text', data: '{"chunk":"é"}' },
  ])
})

test('what is cut off in the middle is none', async () => {
  expect(await eventsOf(['data: 1\n\ndata: 2'])).toEqual([{ event: 'message', data: '1' }])
})
