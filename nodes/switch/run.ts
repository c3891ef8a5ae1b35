import { defineRun, done } from '../step'
import { isTrue } from '../truth'
import type { Config } from './definition'

export const run = defineRun<Config>({
  async run({ config, input, evaluate }) {
    for (const { port, when } of config.cases) {
      if (isTrue(await evaluate(when))) return done(input, port)
    }
    return done(input, 'default')
  },
})
