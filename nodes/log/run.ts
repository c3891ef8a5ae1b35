import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run({ config, input, emit }) {
    emit.log(config.level, config.message)
    return done(input)
  },
})
