import { asText, type JsonObject } from '@/flow/json'
import type { Conversation } from './conversation'
import { factsOf, type Facts } from './facts'

/** A text that fields are filled from. */
interface Reading {
  /** Empty: only what is stated outright counts, since the words are not those of the other side. */
  text: string
  facts: Facts
  /** Places that a field has taken its value from. */
  taken: Set<number>
}

/** All that a shape is filled from. */
export interface Source {
  instructions: string
  conversation: Conversation
  /** In the order of their weight: what tools gave, what was said last, what was said earlier, what was stated anywhere. */
  readings: readonly Reading[]
  /** For `$ref`. */
  root: JsonObject
}

/** A property of an object that is to be filled. */
export interface Field {
  name: string
  /** It must have a value: one is made up of what there is rather than left out. */
  isWanted: boolean
  /** It was asked for just before. */
  isAsked: boolean
}

export function sourceOf(conversation: Conversation, instructions: string, root: JsonObject): Source {
  const { said, earlier, whole, results } = conversation
  const given = results.map(({ result }) => asText(result)).join('\n')
  const heard = [given, said, earlier].filter((text) => text.trim() !== '').map(readingOf)
  const stated = { ...readingOf(whole), text: '' }
  return { instructions, conversation, readings: said === whole ? heard : [...heard, stated], root }
}

/** The same source, reading nothing but one part of the text. */
export function partOf(source: Source, text: string): Source {
  const conversation = { ...source.conversation, said: text, question: '', earlier: '', whole: text }
  return { ...source, conversation, readings: [readingOf(text)] }
}

function readingOf(text: string): Reading {
  return { text, facts: factsOf(text), taken: new Set() }
}
