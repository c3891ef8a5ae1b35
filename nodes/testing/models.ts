import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { offlineModel } from '@/server/models/offline/model'
import { providerModel } from '@/server/models/provider-model'
import type { Services } from '../step'

/** Services whose every model is the offline one. */
export const offline: Partial<Services> = { model: () => Promise.resolve(offlineModel) }

/** Services whose models are those of an OpenAI-compatible server. */
export function modelsAt(url: string): Partial<Services> {
  const server = createOpenAICompatible({
    ...{ name: 'test', baseURL: url, includeUsage: true, supportsStructuredOutputs: true },
  })
  return { model: (name = 'test/default') => Promise.resolve(providerModel(name, server(name))) }
}
