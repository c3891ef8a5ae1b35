import type { ThreadMemory } from './conversation-store'

/** Keeps the thread in this browser; a browser that allows nothing to be kept begins anew each time. */
export function browserMemory(name: string): ThreadMemory {
  const key = `millrace-thread-${name}`
  return {
    read() {
      try {
        return localStorage.getItem(key)
      } catch {
        return null
      }
    },
    write(thread) {
      try {
        if (thread === null) localStorage.removeItem(key)
        else localStorage.setItem(key, thread)
      } catch {
        // The conversation goes on all the same until the page is left.
      }
    },
  }
}
