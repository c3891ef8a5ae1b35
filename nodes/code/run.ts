import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: async ({ config, input, steps, state, trigger, now, idempotencyKey, signal, emit, services }) =>
    done(
      await services.code({
        source: config.source,
        input,
        steps,
        state,
        trigger,
        now,
        seed: idempotencyKey,
        signal,
        log: (level, message) => emit.log(level, message),
      }),
    ),
})
