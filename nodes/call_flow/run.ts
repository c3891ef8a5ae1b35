import { childFailed } from '../passes'
import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: ({ config, input }) => ({
    type: 'call',
    flow: config.flow,
    version: config.version === 'live' ? 'live' : Number(config.version),
    input: config.input === undefined ? input : config.input,
  }),
  resume(_, resolutions, wait) {
    const ended = resolutions.findLast((resolution) => resolution.by === 'run')
    if (ended?.by !== 'run') return { type: 'wait', wait }
    if (ended.status !== 'completed') throw childFailed(ended)
    return done(ended.output)
  },
})
