import { deadlineAfter } from '../deadline'
import { defineRun, done } from '../step'
import { anyText, type Config } from './definition'

export const run = defineRun<Config>({
  run: ({ config, now }) => ({
    type: 'wait',
    wait: {
      for: 'answer',
      title: config.question,
      schema: config.fields ?? anyText,
      ...(config.channel === 'chat' ? { channel: config.channel } : {}),
      ...(config.timeout ? { deadline: deadlineAfter(now, config.timeout) } : {}),
    },
  }),
  resume(_, resolutions, wait) {
    for (const resolution of resolutions) {
      if (resolution.by === 'answer') return done(resolution.answer, 'answered')
      if (resolution.by === 'deadline') return done(null, 'timed_out')
    }
    return { type: 'wait', wait }
  },
})
