import { expect, test } from 'vitest'
import { createFeed } from './feed'

test('gives what was pushed before and while it is read, then ends', async () => {
  const feed = createFeed<number>()
  feed.push(1)
  const read: number[] = []
  const reading = (async () => {
    for await (const item of feed) {
      read.push(item)
      if (item === 1) feed.push(2)
      if (item === 2) setImmediate(() => (feed.push(3), feed.end()))
    }
  })()
  await reading
  expect(read).toEqual([1, 2, 3])
})

test('an error comes after what was pushed before it', async () => {
  const feed = createFeed<string>()
  feed.push('said')
  feed.end(new Error('broken'))
  const reader = feed[Symbol.asyncIterator]()
  expect(await reader.next()).toEqual({ value: 'said', done: false })
  await expect(reader.next()).rejects.toThrow('broken')
})
