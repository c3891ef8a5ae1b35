import { defineRun, done } from '../step'
import { isTrue } from '../truth'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: async ({ config, input, evaluate }) =>
    done(input, isTrue(await evaluate(config.expression)) ? 'true' : 'false'),
})
