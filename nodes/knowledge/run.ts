import type { JsonObject } from '@/flow/json'
import { defineRun } from '../step'
import type { Config } from './definition'
import { quotedPassages } from './quoted'

export const run = defineRun<Config>({
  async run({ config, signal, services, emit }) {
    const { collection, query, topK } = config
    const { passages, note, usage } = await services.knowledge({ collection, query, topK, signal })
    if (note !== undefined) emit.log('warn', note)
    const listed = passages.map(({ text, source, score }): JsonObject => ({ text, source, score }))
    return {
      type: 'done',
      port: 'done',
      output: { passages: listed, text: quotedPassages(passages), ...(note === undefined ? {} : { note }) },
      ...(usage ? { usage } : {}),
    }
  },
})
