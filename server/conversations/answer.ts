import { asText, isObject, type Json } from '@/flow/json'
import type { OpenAsk } from '@/flow/run/asking'
import { faultsOf, toldFaults } from '@/flow/json-shape'

/** The answer that a message is to what is asked, or what to say when it is none. */
export function answerOf(ask: OpenAsk, text: string): { answer: Json } | { refusal: string } {
  if (ask.choices && ask.choices.length > 0) {
    const said = asKey(text)
    const choice = ask.choices.find((one) => asKey(one) === said)
    return choice === undefined
      ? { refusal: `Please answer with ${ask.choices.map((one) => `**${one}**`).join(' or ')}.` }
      : { answer: choice }
  }
  if (!ask.schema) return { answer: text }
  const answer = valueOf(ask.schema.type, text)
  const faults = faultsOf(ask.schema, answer)
  return faults.length === 0
    ? { answer }
    : { refusal: `That does not fit: ${toldFaults(faults, 'the answer')}. Please try again.` }
}

/** What the user would have said for this answer. */
export function answerText(answer: Json): string {
  if (!isObject(answer)) return asText(answer)
  const { decision, comment, ...rest } = answer
  if (typeof decision === 'string' && Object.keys(rest).length === 0)
    return typeof comment === 'string' && comment !== '' ? `${decision}: ${comment}` : decision
  return Object.entries(answer)
    .map(([name, value]) => `${name}: ${asText(value)}`)
    .join('\n')
}

/** What a text means where a value of another type is wanted; the text itself when it means none. */
function valueOf(type: Json | undefined, text: string): Json {
  const trimmed = text.trim()
  switch (type) {
    case 'number':
    case 'integer': {
      const number = Number(trimmed.replace(/^[^\d+-]{1,3}|\s|,(?=\d{3}\b)/g, ''))
      return trimmed !== '' && Number.isFinite(number) ? number : text
    }
    case 'boolean': {
      if (/^(yes|y|true|ok|okay|sure|ja|oui)\b/i.test(trimmed)) return true
      return /^(no|n|false|nein|non)\b/i.test(trimmed) ? false : text
    }
    case 'object':
    case 'array':
      return parsed(trimmed) ?? text
    default:
      return text
  }
}

function parsed(text: string): Json | null {
  try {
    const value: Json = JSON.parse(text)
    return isObject(value) || Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

const asKey = (text: string) =>
  text
    .trim()
    .replace(/[.!]+$/, '')
    .toLowerCase()
