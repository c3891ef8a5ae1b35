import { asText, isObject, type Json } from '@/flow/json'

/** What came in, as a text: of a message in a conversation what it says. */
export function saidIn(input: Json): string {
  if (isObject(input) && typeof input.message === 'string') return input.message
  return input === null ? '' : asText(input)
}
