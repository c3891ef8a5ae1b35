import type { JsonObject } from '@/flow/json'

/** A trigger of a document as publishing registers it; the caller, who knows the kinds, finds them. */
export interface Trigger {
  node: string
  kind: 'webhook' | 'schedule' | 'event'
  config: JsonObject
}
