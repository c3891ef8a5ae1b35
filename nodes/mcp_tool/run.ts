import { isObject, type JsonObject } from '@/flow/json'
import { defineRun, done } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  async run({ config, input, signal, idempotencyKey, services }) {
    const given: JsonObject = config.arguments ?? (isObject(input) ? { ...input } : {})
    return done(await services.mcp.call(config.server, config.tool, given, signal, idempotencyKey))
  },
})
