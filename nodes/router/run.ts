import { choose } from '../choosing/choose'
import { defineRun } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: (context) => choose(context, { ...context.config, choices: context.config.routes, otherwise: 'else' }),
})
