import { deadlineAfter } from '../deadline'
import { eventName } from '../event-name'
import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: ({ config, now }) => ({
    type: 'wait',
    wait: {
      for: 'event',
      name: eventName(config.name),
      ...(config.key ? { key: config.key } : {}),
      ...(config.timeout ? { deadline: deadlineAfter(now, config.timeout) } : {}),
    },
  }),
  resume(_, resolutions, wait) {
    for (const resolution of resolutions) {
      if (resolution.by === 'event') return done(resolution.data, 'received')
      if (resolution.by === 'deadline') return done(null, 'timed_out')
    }
    return { type: 'wait', wait }
  },
})
