import { isObject, type Json, type JsonObject } from '@/flow/json'
import { agreementOf, scoreOf } from './choose'
import type { Conversation } from './conversation'
import { plainName } from './facts'
import { fillText } from './fill-text'
import { choiceOf, judgementOf } from './judge'
import { nearest } from './nearest'
import { amountsIn, numbersIn } from './numbers'
import {
  choicesOf,
  emptyOf,
  firstOption,
  inRange,
  isNullable,
  isSchema,
  resolved,
  topicOf,
  typeOf,
} from './schema'
import { partOf, sourceOf, type Field, type Source } from './source'
import { summarize } from './text'
import { overlap, sentencesOf, splitNames, stemsOf } from './words'

/** Fills a JSON Schema from a conversation by rules: what it says outright, else what its words point to. */
export function fillSchema(schema: JsonObject, instructions: string, conversation: Conversation): Json {
  const whole: Field = { name: '', isWanted: true, isAsked: false }
  return fill(schema, whole, sourceOf(conversation, instructions, schema), 0) ?? null
}

/** Undefined: nothing in the source speaks for a value. */
function fill(given: JsonObject, field: Field, source: Source, depth: number): Json | undefined {
  if (depth > 12) return undefined
  const schema = resolved(given, source.root)
  if (schema.const !== undefined) return schema.const
  const choices = choicesOf(schema)
  if (choices) return fillChoice(choices.values, schema, field, source)
  const one = firstOption(schema)
  if (one) return fill(one, field, source, depth + 1)
  switch (typeOf(schema)) {
    case 'object':
      return fillObject(schema, source, depth)
    case 'array':
      return fillArray(schema, field, source, depth)
    case 'boolean':
      return fillBoolean(schema, field, source)
    case 'integer':
    case 'number':
      return fillNumber(schema, field, source)
    case 'null':
      return null
    default:
      return fillText(schema, field, source)
  }
}

function fillObject(schema: JsonObject, source: Source, depth: number): Json {
  const given = isSchema(schema.properties) ? schema.properties : {}
  const properties: Record<string, JsonObject> = {}
  for (const [name, each] of Object.entries(given)) if (isSchema(each)) properties[name] = each
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const values = judgementOf(properties, source)
  const asked = askedOf(properties, source)
  const names = Object.keys(properties)
  for (const name of [...names].sort((a, b) => Number(b === asked) - Number(a === asked))) {
    const property = resolved(properties[name] ?? {}, source.root)
    if (Object.hasOwn(values, name)) continue
    const isWanted = required.has(name) && !isNullable(property)
    const value = fill(property, { name, isWanted, isAsked: name === asked }, source, depth + 1)
    if (value !== undefined) values[name] = value
    else if (required.has(name)) values[name] = emptyOf(property)
  }
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(values, name) ? [[name, values[name] ?? null]] : [])),
  )
}

/** The property that was asked for last: whose words the question shares most. */
function askedOf(properties: Record<string, JsonObject>, { conversation, root }: Source): string | undefined {
  if (conversation.question === '') return undefined
  const question = new Set(stemsOf(asksFor(conversation.question)))
  const scored = Object.entries(properties).map(([name, property]) => ({
    name,
    score:
      3 * overlap(stemsOf(name), question) +
      overlap(stemsOf(topicOf(resolved(property, root), name)), question),
  }))
  const best = scored.reduce((top, each) => (each.score > top.score ? each : top), { name: '', score: 0 })
  return best.score > 0 ? best.name : undefined
}

/** A question with the words that its own words stand for. */
function asksFor(question: string): string {
  const meant = askingWords.filter(({ when }) => when.test(question)).map(({ means }) => means)
  return [question, ...meant].join(' ')
}

const askingWords = [
  { when: /\bborn\b/i, means: 'birth' },
  { when: /\bwhere\b/i, means: 'place city location address' },
  { when: /\bwhen\b/i, means: 'date day' },
  { when: /\bwho\b|\bcalled\b/i, means: 'name person' },
  { when: /\bhow (?:many|much)\b/i, means: 'number count amount quantity' },
]

function fillChoice(values: Json[], schema: JsonObject, field: Field, source: Source): Json | undefined {
  for (const { facts } of source.readings) {
    const said = facts.get(plainName(field.name))
    const same = values.find(
      (each) => said !== undefined && plainName(String(each)) === plainName(String(said)),
    )
    if (same !== undefined) return same
  }
  if (!values.some((each) => typeof each === 'string')) {
    const number = fillNumber({ type: 'number' }, field, source)
    return values.find((each) => each === number) ?? (field.isWanted ? values[0] : undefined)
  }
  const choice = choiceOf(field.name, schema, source)
  if (!choice || (!field.isWanted && choice.isGuess)) return undefined
  return choice.label
}

function fillBoolean(schema: JsonObject, field: Field, source: Source): boolean | undefined {
  if (field.isAsked) {
    const agreed = agreementOf(source.conversation.said)
    if (agreed !== undefined) return agreed
  }
  const topic = splitNames(field.name).replace(/^(?:is|has|needs?|should|can|wants?)\s/i, '')
  const wanted = stemsOf(topic)
  for (const { text, facts } of source.readings) {
    const said = facts.get(plainName(field.name))
    if (typeof said === 'boolean') return said
    if (typeof said === 'string') return /^(?:yes|true|ja|ano|sí|oui|y)\b/i.test(said)
    for (const sentence of sentencesOf(text)) {
      const found = new Set(stemsOf(sentence))
      if (scoreOf(topic, [topic], found, String(schema.description ?? '')) === 0) continue
      const isDenied = /\b(?:not|no|never|without|isn't|doesn't|don't|won't|can't|neither)\b/i.test(sentence)
      if (wanted.length > 0) return !isDenied
    }
  }
  return field.isWanted ? false : undefined
}

const gradeWords =
  /\b(?:score|probability|confidence|risk|likelihood|rating|priority|severity|percent|chance)\b/i
const amountWords =
  /\b(?:amount|price|total|budget|cost|fee|paid|sum|salary|revenue|balance|payment|worth|refund)\b/i

function fillNumber(schema: JsonObject, field: Field, source: Source): number | undefined {
  const topic = topicOf(schema, field.name)
  const isAmount = amountWords.test(splitNames(field.name))
  for (const { text, facts, taken } of source.readings) {
    const stated = facts.get(plainName(field.name))
    const said = typeof stated === 'object' ? Number.NaN : Number(stated ?? Number.NaN)
    if (Number.isFinite(said) && stated !== '') return inRange(said, schema)
    const finds = isAmount ? amountsIn(text) : numbersIn(text)
    const isReply = field.isAsked && text === source.conversation.said
    const near = nearest(finds, text, new Set(stemsOf(topic)), taken, isReply ? 0 : 1)
    if (near !== undefined) return inRange(near, schema)
  }
  return gradeWords.test(topic) && field.isWanted ? grade(schema, topic, source) : undefined
}

/** Between the least and the most by the weight of bad and good words: risk rises with the bad, quality with the good. */
function grade(schema: JsonObject, topic: string, source: Source): number {
  const found = new Set(stemsOf(source.conversation.whole))
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

function fillArray(schema: JsonObject, field: Field, source: Source, depth: number): Json | undefined {
  const items = isSchema(schema.items) ? resolved(schema.items, source.root) : { type: 'string' }
  const least = typeof schema.minItems === 'number' ? schema.minItems : 0
  const most = typeof schema.maxItems === 'number' ? schema.maxItems : 5
  for (const { facts } of source.readings) {
    const said = facts.get(plainName(field.name))
    if (Array.isArray(said) && !isObject(said[0])) return said.slice(0, most)
  }
  if (Array.isArray(items.enum)) return fillLabels(items.enum, schema, field.name, source, least, most)
  if (!field.isWanted && !field.isAsked) return least > 0 ? [] : undefined
  const text = field.isAsked ? source.conversation.said : source.conversation.whole
  const parts = partsOf(text, topicOf(schema, field.name), Math.max(least, Math.min(most, 3)))
  if (typeOf(items) === 'string' && items.format === undefined) return parts
  return parts
    .map((part) => fill(items, { ...field, isAsked: false }, partOf(source, part), depth + 1))
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
  const found = new Set(stemsOf(source.conversation.said))
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
