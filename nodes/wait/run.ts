import { StepError } from '@/flow/kind'
import { deadlineAfter, timeMs } from '../deadline'
import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run({ config, input, now }) {
    if (config.until) {
      const untilMs = timeMs(config.until)
      if (untilMs <= now) return done(input)
      return { type: 'wait', wait: { for: 'timer', until: new Date(untilMs).toISOString() } }
    }
    if (config.for) return { type: 'wait', wait: { for: 'timer', until: deadlineAfter(now, config.for) } }
    throw new StepError('config_invalid', 'Say how long to wait, such as PT5M, or until when.')
  },
  resume: ({ input }) => done(input),
})
