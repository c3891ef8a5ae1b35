import { deadlineAfter } from '../deadline'
import { defineRun, done } from '../step'
import type { Config } from './definition'
import { deciding, votesOf } from './vote'

export const run = defineRun<Config>({
  run({ config, now }) {
    const people = peopleOf(config)
    return {
      type: 'wait',
      wait: {
        for: 'answer',
        title: config.title,
        ...(config.message ? { message: config.message } : {}),
        choices: ['approved', 'rejected'],
        ...(people.length > 0 ? { people } : {}),
        ...(people.length > 0 && config.mail ? { mail: true } : {}),
        ...(config.timeout ? { deadline: deadlineAfter(now, config.timeout) } : {}),
      },
    }
  },
  resume({ config }, resolutions, wait) {
    const people = peopleOf(config)
    const deadline = resolutions.findIndex((resolution) => resolution.by === 'deadline')
    const inTime = deadline === -1 ? resolutions : resolutions.slice(0, deadline)
    const vote = deciding(votesOf(inTime, people), config.rule, people.length)
    if (vote) return done({ ...vote }, vote.decision)
    const passed = resolutions[deadline]
    if (passed) return done({ decision: 'timed_out', by: null, comment: null, at: passed.at }, 'timed_out')
    return { type: 'wait', wait }
  },
})

function peopleOf(config: Config): string[] {
  return (config.people ?? []).map((person) => person.trim()).filter((person) => person !== '')
}
