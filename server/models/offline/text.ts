import { isObject, type Json } from '@/flow/json'
import type { Conversation } from './conversation'
import { jsonIn } from './facts'
import { overlap, sentencesOf, splitNames, stemsOf } from './words'

export const label = 'Offline model:'

const usualSentences = 3

/**
 * An answer made of the words it is given: the sentences that have most to do with the instructions, in their order. To a bare
 * question it answers from what was said before and from the facts among the instructions, and from passages of documents only.
 */
export function answerText(instructions: string, { said, earlier, whole }: Conversation): string {
  const summary = /\bsummar(?:i[sz]e|y of) (?:this|the) conversation/i.test(instructions)
    ? summarize(whole.replace(/^(?:User|Assistant): /gm, ''), instructions, sentenceLimit(instructions))
    : summaryOf(instructions, said, earlier)
  if (summary !== '') return `${label} ${summary}`
  const task = sentencesOf(instructions)[0]
  return task
    ? `${label} nothing was given to work on. The task: ${task}`
    : `${label} nothing was given to work on.`
}

function summaryOf(instructions: string, said: string, earlier: string): string {
  const limit = sentenceLimit(instructions)
  const passages = [...said.matchAll(/<passage\b[^>]*>([^]*?)<\/passage>/g)].map(([, text = '']) => text)
  const questions = sentencesOf(said).filter((sentence) => sentence.endsWith('?'))
  if (passages.length > 0) {
    const telling = sentencesOn(questions.join(' ') || instructions, passages.join('\n'))
    return summarize(telling.join('\n') || passages.join('\n'), questions.join(' '), limit)
  }
  const isBareQuestion =
    questions.length > 0 && questions.length < 3 && questions.length === sentencesOf(said).length
  if (!isBareQuestion) return summarize(said, instructions, limit)
  const known = `${earlier}\n${instructions}`.split('\n').filter((line) => !/^\s*[{[]/.test(line))
  const telling = sentencesOn(said, known.join('\n')).filter(
    (sentence) => !sentence.endsWith('?') && !commands.test(sentence),
  )
  return telling.length > 0 ? summarize(telling.join('\n'), said, 2) : `nothing here answers “${said.trim()}”`
}

/** The sentences of a text that share words with a topic. */
function sentencesOn(topic: string, text: string): string[] {
  const wanted = new Set(stemsOf(topic))
  return [...new Set(sentencesOf(text))].filter((sentence) => overlap(wanted, new Set(stemsOf(sentence))) > 0)
}

/** What instructions tell to do is no fact. */
const commands =
  /^(?:you\b|please|choose|answer|write|give|use|never|always|do not|don't|be |explain|call\b)/i

const small = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** How many sentences the instructions want, such as "in two sentences". */
function sentenceLimit(instructions: string): number {
  const told = new RegExp(`\\b(\\d{1,2}|${small.join('|')})(?: short)? sentences?\\b`, 'i')
  const said = told.exec(instructions)?.[1]
  const count = said === undefined ? 0 : small.indexOf(said.toLowerCase()) + 1 || Number(said)
  return count > 0 ? Math.min(count, 20) : usualSentences
}

/** At most so many sentences of a text: those that share most words with the topic, earlier ones before later ones. */
export function summarize(text: string, topic: string, sentenceLimit: number): string {
  const wanted = new Set(stemsOf(topic))
  const sentences = tellingSentences(text)
  const ranked = sentences
    .map((sentence, index) => {
      const hasNumber = /\d/.test(sentence) ? 0.5 : 0
      return { index, score: overlap(wanted, new Set(stemsOf(sentence))) + hasNumber + 1 / (index + 1) }
    })
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, sentenceLimit)
    .sort((a, b) => a.index - b.index)
  return ranked
    .map(({ index }) => sentences[index] ?? '')
    .map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`))
    .join(' ')
}

/** Words before a colon that name the part of a prompt and say nothing themselves. */
const partLabel = /^(?:question|inquiry|facts?|problem|prompt|input|message|context|task|text)\s*:\s*/i

/** The sentences that say something: each once, without headings, and without questions when there is more than those. */
function tellingSentences(text: string): string[] {
  const all = sentencesOf(readable(text))
    .map((sentence) => sentence.replace(partLabel, ''))
    .filter((sentence) => sentence !== '' && !sentence.endsWith(':'))
  const unique = [...new Set(all)].slice(0, 500)
  const statements = unique.filter((sentence) => !sentence.endsWith('?'))
  return statements.length > 0 ? statements : unique
}

/** A text with JSON inside told as sentences. */
function readable(text: string): string {
  const found = jsonIn(text)
  if (found.length === 0) return text
  const [before] = text.split(/[[{]/, 1)
  return [before?.trim(), ...found.map(told)].filter(Boolean).join('\n')
}

export function told(value: Json): string {
  if (Array.isArray(value)) return value.slice(0, 20).map(told).join('\n')
  if (!isObject(value)) return String(value)
  return (Object.entries(value) as [string, Json][])
    .filter(([, member]) => member !== null && member !== '')
    .map(([name, member]) => toldMember(name, member))
    .join('\n')
}

function toldMember(name: string, member: Json): string {
  const words = splitNames(name)
  const title = words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
  if (typeof member === 'object' && member !== null) {
    const isFlat = Array.isArray(member) && member.every((each) => typeof each !== 'object')
    return isFlat ? `${title}: ${member.join(', ')}` : `${told(member)}`
  }
  const value = String(member)
  return sentencesOf(value).length > 1 ? value : `${title}: ${value}`
}
