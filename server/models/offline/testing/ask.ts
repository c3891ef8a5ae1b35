import type { JsonObject } from '@/flow/json'
import type { ModelMessage, ModelRequest } from '@/nodes/step'
import { offlineModel } from '../model'

/** Asks the offline model. */
export function ask(request: Partial<ModelRequest>) {
  return offlineModel.generate({
    system: '',
    prompt: '',
    signal: new AbortController().signal,
    ...request,
  })
}

export const user = (text: string): ModelMessage => ({ role: 'user', text })
export const assistant = (text: string): ModelMessage => ({ role: 'assistant', text })
/** A schema of an object. */
export const object = (properties: JsonObject, required: string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required,
})
