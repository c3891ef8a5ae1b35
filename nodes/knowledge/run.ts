import type { JsonObject } from '@/flow/json'
import { defineRun, done } from '../step'
import type { Config } from './definition'
import { quotedPassages } from './quoted'

export const run = defineRun<Config>({
  async run({ config, signal, services }) {
    const { collection, query, topK } = config
    const passages = await services.knowledge({ collection, query, topK, signal })
    const listed = passages.map(({ text, source, score }): JsonObject => ({ text, source, score }))
    return done({ passages: listed, text: quotedPassages(passages) })
  },
})
