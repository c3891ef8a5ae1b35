import type { Json, JsonObject } from '@/flow/json'
import { chooseLabel, type Choice } from './choose'
import { clarityOf } from './clarity'
import { evaluate } from './evaluate'
import { choicesOf, inRange, resolved, topicOf, typeOf } from './schema'
import type { Source } from './source'

/** Names of properties by what they judge. */
const judged = {
  score: /^(?:score|clarity|clarity_?score|quality|rating|points)$/i,
  critique: /^(?:critique|feedback|criticism|improvements?|suggestions?|weakness(?:es)?|comments?)$/i,
  question: /^(?:question|next_?question|clarifying_?question|clarification_?question|ask)$/i,
  missing: /^(?:missing|unclear|unknown|open_?points)$/i,
  isClear: /^(?:is_?clear|clear|is_?complete)$/i,
  confidence: /^(?:confidence|certainty|probability)$/i,
  reason: /^(?:reason|reasoning|why|explanation|rationale|because)$/i,
}

/** Of a shape that judges (an answer, a request, a choice) the values that a judgement by rules gives. */
export function judgementOf(properties: Record<string, JsonObject>, source: Source): JsonObject {
  const names = Object.keys(properties)
  const named = (pattern: RegExp) => names.find((name) => pattern.test(name))
  const hasQuestion = named(judged.question) !== undefined || named(judged.missing) !== undefined
  if (hasQuestion && (named(judged.score) !== undefined || named(judged.isClear) !== undefined)) {
    return ofClarity(properties, source)
  }
  if (named(judged.score) !== undefined && named(judged.critique) !== undefined) {
    return ofAnswer(properties, source)
  }
  const label = names.find((name) => properties[name] && choicesOf(resolved(properties[name], source.root)))
  if (label !== undefined && (named(judged.confidence) ?? named(judged.reason)) !== undefined) {
    return ofChoice(label, properties, source)
  }
  return {}
}

function ofClarity(properties: Record<string, JsonObject>, source: Source): JsonObject {
  const clarity = clarityOf(requestIn(source), source.instructions)
  return valuesBy(properties, (name, schema) => {
    if (judged.score.test(name)) return scaled(clarity.score, schema)
    if (judged.isClear.test(name)) return clarity.missing.length === 0
    if (judged.question.test(name)) return clarity.question
    if (judged.missing.test(name))
      return typeOf(schema) === 'array' ? clarity.missing : clarity.missing.join(', ')
    if (judged.reason.test(name)) {
      return clarity.missing.length > 0
        ? `Not said yet: ${clarity.missing.join(', ')}`
        : 'All that is asked for is said.'
    }
    return undefined
  })
}

/** All that the other side has said. */
function requestIn({ conversation }: Source): string {
  const { whole, answers } = conversation
  const own = answers.reduce((text, answer) => (answer === '' ? text : text.replaceAll(answer, '')), whole)
  return sectionIn(own, requestLabel) ?? own
}

function ofAnswer(properties: Record<string, JsonObject>, source: Source): JsonObject {
  const { whole } = source.conversation
  const answer = sectionIn(whole, answerLabel) ?? whole
  const task = sectionIn(whole, taskLabel) ?? ''
  const { score, critique } = evaluate(answer, source.instructions, task)
  return valuesBy(properties, (name, schema) => {
    if (judged.score.test(name)) return scaled(score, schema)
    if (judged.critique.test(name) || judged.reason.test(name))
      return typeOf(schema) === 'array' ? [critique] : critique
    return undefined
  })
}

function ofChoice(label: string, properties: Record<string, JsonObject>, source: Source): JsonObject {
  const choice = choiceOf(label, properties[label] ?? {}, source)
  if (!choice) return {}
  return valuesBy(properties, (name, schema) => {
    if (name === label) return choice.label
    if (judged.confidence.test(name)) return scaled(choice.confidence * 100, { maximum: 1, ...schema })
    if (judged.reason.test(name)) return reasonOf(choice)
    return undefined
  })
}

/** The label that the newest turn speaks for, else the whole conversation. */
export function choiceOf(name: string, property: JsonObject, source: Source): Choice | undefined {
  const schema = resolved(property, source.root)
  const { values, said } = choicesOf(schema) ?? { values: [], said: '' }
  const labels = values.filter((each): each is string => typeof each === 'string')
  const instructions = [`${topicOf(schema, name)}.`, said, source.instructions].join('\n')
  const texts = source.readings.map(({ text }) => text).filter(Boolean)
  const choices = texts.map((text) => chooseLabel(labels, text, instructions))
  return choices.find((each) => each?.isGuess === false) ?? choices[0]
}

function reasonOf({ label, words, isGuess }: Choice): string {
  if (isGuess) return 'Offline rules: nothing speaks for another.'
  const list = words.slice(0, 8).join(', ')
  return list === '' ? `Offline rules: it reads like ${label}.` : `Offline rules: ${list}.`
}

function valuesBy(
  properties: Record<string, JsonObject>,
  valueOf: (name: string, schema: JsonObject) => Json | undefined,
): JsonObject {
  const values: JsonObject = {}
  for (const [name, schema] of Object.entries(properties)) {
    const value = valueOf(name, schema)
    if (value !== undefined) values[name] = value
  }
  return values
}

/** A score of a hundred in the range of the schema. */
function scaled(score: number, schema: JsonObject): number {
  const least = typeof schema.minimum === 'number' ? schema.minimum : 0
  const most = typeof schema.maximum === 'number' ? schema.maximum : 100
  return inRange(least + ((most - least) * score) / 100, schema)
}

const answerLabel =
  /^(?:the |its |this |an )?(?:answer|draft|attempt|output|response|text to (?:judge|evaluate|score))\b/i
const taskLabel = /^(?:the |its )?(?:task|instructions?|prompt|question|request|input|asked)\b/i
const requestLabel = /^(?:the |their )?(?:request|message|inquiry)\b/i
const heading = /^(?:#+\s*|\*\*|<)?([A-Za-z][A-Za-z -]{1,40}?)\s*(?::|\*\*:?|>|$)\s*(.*)$/

/** The part of a prompt under a heading, `Answer: …`, `## Answer` or `<answer>`; undefined when there is none. */
function sectionIn(text: string, label: RegExp): string | undefined {
  let lines: string[] | undefined
  for (const line of text.split('\n')) {
    const [, title, rest = ''] = heading.exec(line.trim()) ?? []
    const isHeading =
      title !== undefined && [answerLabel, taskLabel, requestLabel].some((each) => each.test(title))
    if (isHeading && label.test(title)) lines = [rest]
    else if (lines && (isHeading || /^<\//.test(line.trim()))) break
    else lines?.push(line)
  }
  const section = lines?.join('\n').trim()
  return section === '' ? undefined : section
}
