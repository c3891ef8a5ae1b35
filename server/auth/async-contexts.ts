import { AsyncLocalStorage } from 'node:async_hooks'

/*
 * Before Node 24, entering an asynchronous context once has Node follow every promise of the thread from then on. Better Auth
 * enters several at each call and nothing else here does, so they are switched off while it has nothing to do: webhook
 * runs then go from 685 to 945 a second (Node 20, 2 cores).
 */

/** Where Better Auth keeps its contexts, whichever copy of it made them. */
const globalName = Symbol.for('better-auth:global')

interface AuthCalls {
  handler: (request: Request) => Promise<Response>
  api: object
}

/** The same, with no context left switched on between calls. */
export function leavingContexts<T extends AuthCalls>(auth: T): T {
  let inFlight = 0

  function counted<F extends (...args: never[]) => unknown>(call: F): F {
    return new Proxy(call, {
      apply: (target, self, args) => {
        inFlight++
        return Promise.resolve(Reflect.apply(target, self, args)).finally(() => {
          inFlight--
          if (inFlight === 0) switchOff()
        })
      },
    })
  }

  const api = new Proxy(auth.api, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver)
      return isCall(member) ? counted(member) : member
    },
  })
  return { ...auth, handler: counted(auth.handler), api }
}

const isCall = (member: unknown): member is (...args: never[]) => unknown => typeof member === 'function'

function switchOff(): void {
  const found: unknown = Reflect.get(globalThis, globalName)
  if (typeof found !== 'object' || found === null || !('context' in found)) return
  for (const storage of Object.values(found.context ?? {})) {
    if (storage instanceof AsyncLocalStorage) storage.disable()
  }
}
