import { asText, isObject, type Json, type JsonObject } from '@/flow/json'
import { faultsOf } from '@/flow/json-shape'
import { fieldsOf, isKnown, type Field } from '../conversation/fields'

/** What taking in one reply has come to. */
export interface Taken {
  /** Names of the fields that have another value now. */
  changed: string[]
  /** What was said of a field and does not fit it. */
  refused: { field: Field; value: Json; why: string }[]
}

/** The fields that are to be collected, and what is known of them. */
export class Form {
  readonly fields: readonly Field[]
  readonly values: JsonObject = {}

  constructor(readonly schema: JsonObject) {
    this.fields = fieldsOf(schema)
  }

  /** The field to ask for next: required, and not known. */
  get open(): Field | undefined {
    return this.fields.find(({ name, isRequired }) => isRequired && !isKnown(this.values[name]))
  }

  /** Takes in the values that a reply held. */
  take(said: JsonObject): Taken {
    const taken: Taken = { changed: [], refused: [] }
    for (const field of this.fields) {
      const given = said[field.name]
      if (!isKnown(given)) continue
      const value = fitted(given, field.schema)
      const [fault] = faultsOf(field.schema, value)
      if (fault) taken.refused.push({ field, value, why: wordsOf(field, fault.message) })
      else if (asText(this.values[field.name]) !== asText(value)) {
        this.values[field.name] = value
        taken.changed.push(field.name)
      }
    }
    return taken
  }

  /** Takes back a value that does not go with the others, as the whole schema says; undefined when all go together. */
  misfit(): { field: Field; why: string } | undefined {
    for (const { path, message } of faultsOf(this.schema, this.values)) {
      const field = this.fields.find(({ name }) => name === path[0])
      if (!field) continue
      delete this.values[field.name]
      return { field, why: wordsOf(field, message) }
    }
    return undefined
  }

  /** What is known, as a list in Markdown. */
  get told(): string {
    const known = this.fields.filter(({ name }) => isKnown(this.values[name]))
    return known.map(({ title, name }) => `- **${capital(title)}**: ${shown(this.values[name])}`).join('\n')
  }
}

/** How a person is asked for a field. */
export function questionFor({ title, schema }: Field): string {
  const description = typeof schema.description === 'string' ? schema.description.trim() : ''
  const choices = Array.isArray(schema.enum) ? ` One of: ${schema.enum.map(shown).join(', ')}.` : ''
  if (description.endsWith('?')) return `${description}${choices}`
  const about = description === '' ? '' : ` (${description.replace(/\.$/, '')})`
  const named = `${lower(title)}${about}`
  if (schema.type === 'boolean') return `${capital(named)}: yes or no?`
  const question = schema.type === 'string' ? `What is your ${named}?` : `Please tell me: ${named}.`
  return `${question}${choices}`
}

/** People write numbers, and yes, as words. */
function fitted(value: Json, { type, enum: choices }: JsonObject): Json {
  if (typeof value !== 'string') return type === 'string' && typeof value === 'number' ? String(value) : value
  const text = value.trim()
  if (Array.isArray(choices)) {
    return choices.find((each) => asText(each).toLowerCase() === text.toLowerCase()) ?? text
  }
  if (type === 'boolean' && /^(?:yes|true|y|ja|oui|ano)$/i.test(text)) return true
  if (type === 'boolean' && /^(?:no|false|n|nein|non|ne)$/i.test(text)) return false
  const number = Number(text.replace(/[\s,](?=\d{3}\b)/g, ''))
  const isNumber = (type === 'number' || type === 'integer') && text !== '' && Number.isFinite(number)
  return isNumber ? number : text
}

const formats: Record<string, string> = {
  email: 'is no e-mail address',
  date: 'is no date: write one such as 2027-05-31',
  time: 'is no time: write one such as 14:30',
  'date-time': 'is no date with a time',
  uri: 'is no address of the web',
}

function wordsOf({ schema }: Field, message: string): string {
  const format = typeof schema.format === 'string' ? formats[schema.format] : undefined
  return message.startsWith('must match format') && format ? format : message
}

function shown(value: Json | undefined): string {
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (Array.isArray(value) && value.every((each) => !isObject(each))) return value.map(asText).join(', ')
  return asText(value)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A title within a sentence; `IBAN` and `E-mail` keep their capitals where they are names. */
function lower(title: string): string {
  return /^\p{Lu}[\p{Ll}-]/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title
}
