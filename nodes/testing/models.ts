import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import { offlineModel } from '@/server/models/offline/model'
import { providerModel } from '@/server/models/provider-model'
import type { Model, ModelRequest, Services, ToolCall } from '../step'

/** Services whose every model is the offline one. */
export const offline: Partial<Services> = { model: () => Promise.resolve(offlineModel) }

/** Services whose models are those of an OpenAI-compatible server. */
export function modelsAt(url: string): Partial<Services> {
  const server = createOpenAICompatible({
    ...{ name: 'test', baseURL: url, includeUsage: true, supportsStructuredOutputs: true },
  })
  return { model: (name = 'test/default') => Promise.resolve(providerModel(name, server(name))) }
}

/** Services whose model gives these in turn, and what it was asked. */
export function scripted(...answers: (Json | { calls: ToolCall[]; text?: string })[]): {
  asked: ModelRequest[]
  services: Partial<Services>
} {
  const asked: ModelRequest[] = []
  const model: Model = {
    name: 'scripted',
    generate(request) {
      asked.push({ ...request, prompt: structuredClone(request.prompt) })
      const given = answers.shift()
      if (given === undefined) throw new Error(`Nothing is left to answer ${JSON.stringify(request.prompt)}`)
      return Promise.resolve({
        ...answerOf(given),
        usage: { inputTokens: 10, outputTokens: 1, model: 'scripted' },
      })
    },
  }
  return { asked, services: { model: () => Promise.resolve(model) } }
}

function answerOf(given: Json | { calls: ToolCall[]; text?: string }) {
  if (typeof given === 'string') return { text: given }
  if (isObject(given) && Array.isArray(given.calls)) return { text: '', ...(given as { calls: ToolCall[] }) }
  return { text: JSON.stringify(given), object: given as Json }
}

/** A call of a tool, as a model asks for it. */
export function calling(tool: string, given: JsonObject = {}, id = `call_${tool}`): { calls: ToolCall[] } {
  return { calls: [{ id, tool, arguments: given }] }
}
