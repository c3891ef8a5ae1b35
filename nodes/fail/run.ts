import { defineRun } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: ({ config }) => ({
    type: 'end',
    status: 'failed',
    output: null,
    error: { code: config.code, message: config.message || `The flow ended as failed: ${config.code}.` },
  }),
})
