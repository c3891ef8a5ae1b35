import { defineRun } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: ({ config: { output, httpStatus, ...steering }, input }) => ({
    type: 'end',
    status: 'completed',
    output: output === undefined ? input : output,
    httpStatus,
    ...(Object.values(steering).some(Boolean) ? { steering } : {}),
  }),
})
