import { defineRun } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: ({ config, input }) => ({
    type: 'jump',
    to: config.to,
    atMost: config.atMost,
    output: input,
    exceeded: 'exceeded',
  }),
})
