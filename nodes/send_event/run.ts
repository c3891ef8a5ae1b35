import { eventName } from '../event-name'
import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  async run({ config, input, idempotencyKey, services }) {
    const { delivered } = await services.sendEvent({
      name: eventName(config.name),
      ...(config.key ? { key: config.key } : {}),
      data: config.data === undefined ? input : config.data,
      dedupeKey: idempotencyKey,
    })
    return done({ delivered })
  },
})
