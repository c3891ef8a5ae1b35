import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { leavingContexts } from './async-contexts'

const globalName = Symbol.for('better-auth:global')

test('a context lives as long as any call is in flight, and no longer', async () => {
  const storage = new AsyncLocalStorage<string>()
  Reflect.set(globalThis, globalName, { context: { storage } })
  let go = () => {}
  const gate = new Promise<void>((resolve) => (go = resolve))
  const seen: unknown[] = []
  const auth = leavingContexts({
    handler: (request: Request) => Promise.resolve(new Response(request.url)),
    api: {
      slow: () =>
        storage.run('entered', async () => {
          await gate
          seen.push(storage.getStore())
        }),
      quick: () => storage.run('also entered', async () => Promise.resolve(storage.getStore())),
    },
  })
  const slow = auth.api.slow()
  expect(await auth.api.quick()).toBe('also entered')
  go()
  await slow
  expect(seen).toEqual(['entered'])
  storage.enterWith('left behind')
  await auth.handler(new Request('http://localhost/'))
  expect(storage.getStore()).toBeUndefined()
})
