import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: ({ trigger }) => done(trigger),
})
