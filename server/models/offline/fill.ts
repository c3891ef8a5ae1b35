import { isObject, type Json, type JsonObject } from '@/flow/json'
import { chooseLabel, scoreOf } from './choose'
import { factsOf, plainName, type Facts } from './facts'
import { summarize } from './text'
import { overlap, sentencesOf, splitNames, stemsOf } from './words'

interface Source {
  text: string
  instructions: string
  facts: Facts
  /** For `$ref`. */
  root: JsonObject
}

/** Fills a JSON Schema from a prompt by rules: what it says outright, else what its words point to. */
export function fillSchema(schema: JsonObject, instructions: string, text: string): Json {
  return fill(schema, '', { text, instructions, facts: factsOf(text), root: schema }, 0) ?? null
}

/** Undefined: nothing in the source speaks for a value. */
function fill(schema: JsonObject, name: string, source: Source, depth: number): Json | undefined {
  if (depth > 12) return undefined
  const resolved = resolve(schema, source.root)
  if (resolved.const !== undefined) return resolved.const
  if (Array.isArray(resolved.enum)) return fillEnum(resolved.enum, resolved, name, source)
  const one = firstOption(resolved)
  if (one) return fill(one, name, source, depth + 1)
  switch (typeOf(resolved)) {
    case 'object':
      return fillObject(resolved, source, depth)
    case 'array':
      return fillArray(resolved, name, source, depth)
    case 'boolean':
      return fillBoolean(resolved, name, source)
    case 'integer':
    case 'number':
      return fillNumber(resolved, name, source)
    case 'null':
      return null
    default:
      return fillText(resolved, name, source)
  }
}

function isSchema(value: Json | undefined): value is JsonObject {
  return isObject(value)
}

function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  if (typeof schema.$ref !== 'string' || !schema.$ref.startsWith('#')) return schema
  let at: Json | undefined = root
  for (const key of schema.$ref.slice(1).split('/').filter(Boolean)) {
    at = isSchema(at) ? at[key.replace(/~1/g, '/').replace(/~0/g, '~')] : undefined
  }
  return isSchema(at) ? at : {}
}

function firstOption(schema: JsonObject): JsonObject | null {
  for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
    const options = schema[key]
    const first = Array.isArray(options)
      ? options.filter(isSchema).find((each) => each.type !== 'null')
      : undefined
    if (first) return first
  }
  return null
}

function typeOf(schema: JsonObject): string {
  if (Array.isArray(schema.type)) return String(schema.type.find((each) => each !== 'null') ?? 'null')
  if (typeof schema.type === 'string') return schema.type
  return isObject(schema.properties) ? 'object' : schema.items === undefined ? 'string' : 'array'
}

/** What a field is about: its name and its description. */
function topicOf(schema: JsonObject, name: string): string {
  return [splitNames(name), schema.title, schema.description]
    .filter((each) => typeof each === 'string')
    .join('. ')
}

function fillObject(schema: JsonObject, source: Source, depth: number): Json {
  const properties = isSchema(schema.properties) ? schema.properties : {}
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const object: JsonObject = {}
  for (const [name, property] of Object.entries(properties)) {
    if (!isSchema(property)) continue
    const value = fill(property, name, source, depth + 1)
    if (value !== undefined) object[name] = value
    else if (required.has(name)) object[name] = emptyOf(property)
  }
  return object
}

function emptyOf(schema: JsonObject): Json {
  const mayBeNull = Array.isArray(schema.type) && schema.type.includes('null')
  if (schema.default !== undefined) return schema.default
  if (mayBeNull) return null
  const type = typeOf(schema)
  if (type === 'number' || type === 'integer') return inRange(0, schema)
  return type === 'boolean' ? false : type === 'array' ? [] : type === 'object' ? {} : ''
}

function fillEnum(values: Json[], schema: JsonObject, name: string, source: Source): Json | undefined {
  const said = source.facts.get(plainName(name))
  const same = values.find(
    (each) => said !== undefined && plainName(String(each)) === plainName(String(said)),
  )
  if (same !== undefined) return same
  const labels = values.filter((each): each is string => typeof each === 'string')
  if (labels.length === 0) return values[0]
  return chooseLabel(labels, source.text, `${topicOf(schema, name)}.\n${source.instructions}`)
}

function fillBoolean(schema: JsonObject, name: string, source: Source): boolean {
  const said = source.facts.get(plainName(name))
  if (typeof said === 'boolean') return said
  if (typeof said === 'string') return /^(?:yes|true|ja|ano|sí|oui|y)\b/i.test(said)
  const topic = splitNames(name).replace(/^(?:is|has|needs?|should|can|wants?)\s/i, '')
  const wanted = stemsOf(topic)
  for (const sentence of sentencesOf(source.text)) {
    const found = new Set(stemsOf(sentence))
    if (scoreOf(topic, [topic], found, String(schema.description ?? '')) === 0) continue
    const isDenied = /\b(?:not|no|never|without|isn't|doesn't|don't|won't|can't|neither)\b/i.test(sentence)
    if (wanted.length > 0) return !isDenied
  }
  return false
}

const gradeWords =
  /\b(?:score|probability|confidence|risk|likelihood|rating|priority|severity|percent|chance)\b/i

function fillNumber(schema: JsonObject, name: string, source: Source): number | undefined {
  const said = Number(source.facts.get(plainName(name)) ?? Number.NaN)
  if (Number.isFinite(said)) return inRange(said, schema)
  const topic = topicOf(schema, name)
  const near = nearestNumber(source.text, new Set(stemsOf(topic)))
  if (near !== undefined) return inRange(near, schema)
  return gradeWords.test(topic) ? grade(schema, topic, source) : undefined
}

/** The number whose neighbourhood shares most words with the topic. */
function nearestNumber(text: string, topic: ReadonlySet<string>): number | undefined {
  let best: { value: number; score: number } | undefined
  for (const match of text.matchAll(/(?<![\p{L}\d#-])-?\d[\d\s,]*(?:\.\d+)?(?![\p{L}])/gu)) {
    const end = match.index + match[0].length
    const shared = (before: number, after: number) =>
      overlap(topic, new Set(stemsOf(text.slice(Math.max(0, match.index - before), end + after))))
    const score = shared(60, 30) + 2 * shared(15, 12)
    const value = Number(match[0].replace(/[\s,]/g, ''))
    if (score > (best?.score ?? 0) && Number.isFinite(value)) best = { value, score }
  }
  return best?.value
}

/** Between the least and the most by the weight of bad and good words: risk rises with the bad, quality with the good. */
function grade(schema: JsonObject, topic: string, source: Source): number {
  const found = new Set(stemsOf(source.text))
  const bad = scoreOf('high', ['high'], found, '') + scoreOf('negative', ['negative'], found, '')
  const good = scoreOf('low', ['low'], found, '') + scoreOf('positive', ['positive'], found, '')
  const lean = Math.max(
    -4,
    Math.min(4, /risk|severity|priority|churn|urgen/i.test(topic) ? bad - good : good - bad),
  )
  const least = typeof schema.minimum === 'number' ? schema.minimum : 0
  const isWhole = typeOf(schema) === 'integer' || /\b100\b|percent/i.test(topic)
  const most = typeof schema.maximum === 'number' ? schema.maximum : isWhole ? 100 : 1
  return inRange(least + (most - least) * (0.5 + lean / 10), schema)
}

function inRange(value: number, schema: JsonObject): number {
  const least = typeof schema.minimum === 'number' ? schema.minimum : -Infinity
  const most = typeof schema.maximum === 'number' ? schema.maximum : Infinity
  const within = Math.min(most, Math.max(least, value))
  return typeOf(schema) === 'integer' ? Math.round(within) : Math.round(within * 1e6) / 1e6
}

/** Texts of a known form, by the field's format or name. The patterns have no nested repeats: they never hang. */
const forms: { when: RegExp; pattern: RegExp }[] = [
  { when: /\bemail\b|e-mail/i, pattern: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/u },
  {
    when: /date-time|timestamp/i,
    pattern: /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/,
  },
  {
    when: /\bdate\b|\bday\b|deadline|birthday/i,
    pattern:
      /\d{4}-\d\d-\d\d|\b\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4}|\b(?:\d{1,2}\.?\s)?(?:January|February|March|April|May|June|July|August|September|October|November|December)(?:\s\d{1,2})?(?:,?\s\d{4})?|\b(?:today|tomorrow|yesterday|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b/i,
  },
  { when: /\b(?:url|uri|link|website)\b/i, pattern: /https?:\/\/[^\s"'<>)]+/ },
  {
    when: /phone|mobile|\btel\b/i,
    pattern: /\+\d[\d ()-]{6,18}\d|\b\d{3}[ -]\d{3}[ -]\d{3,4}\b|\b\d{9,15}\b/,
  },
  {
    when: /\b(?:id|number|no|reference|code)\b|^\s*(?:order|invoice|ticket|account|contract)\s*$/i,
    pattern: /#?\b[A-Z]{0,6}-?\d{2,}[\w-]*/,
  },
  { when: /\btime\b|\bhour\b/i, pattern: /\b\d{1,2}:\d\d(?:\s?[ap]m)?|\b\d{1,2}\s?[ap]m\b/i },
]

const nameIntroduced =
  /(?:my name is|i am|i'm|this is|name is|called|regards,?|dear)\s+(\p{Lu}[\p{L}'-]+(?:\s\p{Lu}[\p{L}'-]+){0,2})/iu

function fillText(schema: JsonObject, name: string, source: Source): string | undefined {
  const longest = typeof schema.maxLength === 'number' ? schema.maxLength : 2_000
  const said = source.facts.get(plainName(name))
  if (said !== undefined && said !== null && typeof said !== 'object') return String(said).slice(0, longest)
  const what = `${splitNames(name)} ${typeof schema.format === 'string' ? schema.format : ''}`
  const form = forms.find(({ when }) => when.test(what))
  if (form) return toFormat(form.pattern.exec(source.text)?.[0], schema.format)
  if (/\bname\b|person|who\b/i.test(what)) {
    const introduced = nameIntroduced.exec(source.text)?.[1]
    if (introduced) return introduced
  }
  if (
    schema.format !== undefined ||
    /\b(?:first|last|full|user|company)? ?name\b|\bcity\b|\bcountry\b/i.test(what)
  )
    return undefined
  const topic = `${topicOf(schema, name)} ${source.instructions}`
  const summary = summarize(
    source.text,
    topic,
    /summary|reply|answer|message|body|draft|letter|text/i.test(what) ? 3 : 1,
  )
  return summary === '' ? undefined : summary.slice(0, longest)
}

function toFormat(found: string | undefined, format: Json | undefined): string | undefined {
  if (found === undefined || (format !== 'date' && format !== 'date-time')) return found
  const at = new Date(
    /^\d{4}-\d\d-\d\d$/.test(found) ? `${found}T00:00:00Z` : `${found}${/\d{4}/.test(found) ? ' UTC' : ''}`,
  )
  const iso = Number.isNaN(at.getTime()) ? undefined : at.toISOString()
  return format === 'date' ? iso?.slice(0, 10) : iso
}

function fillArray(schema: JsonObject, name: string, source: Source, depth: number): Json {
  const items = isSchema(schema.items) ? resolve(schema.items, source.root) : { type: 'string' }
  const least = typeof schema.minItems === 'number' ? schema.minItems : 0
  const most = typeof schema.maxItems === 'number' ? schema.maxItems : 5
  const said = source.facts.get(plainName(name))
  if (Array.isArray(said) && !isObject(said[0])) return said.slice(0, most)
  if (Array.isArray(items.enum)) return fillLabels(items.enum, schema, name, source, least, most)
  const parts = partsOf(source.text, topicOf(schema, name), Math.max(least, Math.min(most, 3)))
  if (typeOf(items) === 'string' && items.format === undefined) return parts
  return parts
    .map((text) => fill(items, name, { ...source, text, facts: factsOf(text) }, depth + 1))
    .filter((each) => each !== undefined)
}

function fillLabels(
  values: Json[],
  schema: JsonObject,
  name: string,
  source: Source,
  least: number,
  most: number,
): Json {
  const labels = values.filter((each): each is string => typeof each === 'string')
  const found = new Set(stemsOf(source.text))
  const instructions = `${topicOf(schema, name)}.\n${source.instructions}`
  const meant = labels.filter((each) => scoreOf(each, labels, found, instructions) > 0)
  return [
    ...meant,
    ...labels.filter((each) => !meant.includes(each)).slice(0, Math.max(0, least - meant.length)),
  ].slice(0, most)
}

/** Sentences that have most to do with the topic, in their order; whole ones before scraps such as `Total: 3`. */
function partsOf(text: string, topic: string, count: number): string[] {
  const parts = sentencesOf(summarize(text, topic, count + 2))
  const isWhole = (part: string) => part.split(/\s+/).length >= 4
  return [...parts.filter(isWhole), ...parts.filter((part) => !isWhole(part))].slice(0, count)
}
