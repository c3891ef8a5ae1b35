import type { Wait } from '@/flow/kind'

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** What a step waits for, in a few plain words. */
export function waitWords(wait: Wait): string {
  switch (wait.for) {
    case 'timer':
      return `Until ${time.format(new Date(wait.until))}`
    case 'answer':
      return wait.title || 'For an answer'
    case 'event':
      return `For the event “${wait.name}”${wait.key ? ` of ${wait.key}` : ''}`
    case 'body':
      return 'For its items'
    case 'runs':
      return 'For another run'
  }
}
