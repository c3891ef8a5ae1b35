import { defineRun } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: ({ config, input }) => ({
    type: 'end',
    status: 'completed',
    output: config.output === undefined ? input : config.output,
    httpStatus: config.httpStatus,
  }),
})
