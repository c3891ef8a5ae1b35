import { datesIn } from './dates'
import { amountsIn, numbersIn } from './numbers'
import { overlap, sentencesOf, stemsOf } from './words'

export interface Evaluation {
  /** 0 to 100. */
  score: number
  /** What to do better; praise when there is nothing. */
  critique: string
}

const baseScore = 70
const relevancePoints = 25
const faultPoints = 25
const shortPoints = 30
const shortWords = 6
/** Words of the task that a good answer takes up, at most. */
const takenUp = 6

/**
 * Scores an answer by what rules can see: whether it says what the criteria want mentioned, keeps the lengths they name,
 * takes up the words of the task, and is more than a few words.
 */
export function evaluate(answer: string, criteria: string, task: string): Evaluation {
  const said = answer.replace(/^Offline model:\s*/, '').trim()
  if (said === '') return { score: 0, critique: 'There is no answer.' }
  const faults = [...unmentioned(said, criteria), ...wrongLengths(said, criteria)]
  const stems = new Set(stemsOf(said))
  const wanted = [...new Set(stemsOf(task))]
  const relevance = wanted.length === 0 ? 1 : overlap(wanted, stems) / Math.min(wanted.length, takenUp)
  const isShort = said.split(/\s+/).length < shortWords
  if (isShort) faults.push('It is only a few words: say more.')
  if (relevance === 0) faults.push('It does not take up the words of the task.')
  const points = Math.min(1, relevance) * relevancePoints + (isShort ? faultPoints - shortPoints : 0)
  const score = Math.round(baseScore + points - faults.length * faultPoints)
  return {
    score: Math.min(100, Math.max(0, score)),
    critique: faults.length > 0 ? faults.join(' ') : 'By the rules of the offline model nothing is missing.',
  }
}

const mentions = /\b(?:mentions?|includes?|contains?|names?|states?|gives?|cites?|covers?)\s+([^.;:\n]+)/gi

/** What the criteria want mentioned, and is not. */
function unmentioned(answer: string, criteria: string): string[] {
  const stems = new Set(stemsOf(answer))
  const things = [...criteria.matchAll(mentions)].flatMap(([, list = '']) =>
    list.split(/,|\band\b|\bor\b/).map((each) => each.trim()),
  )
  return [...new Set(things)]
    .filter((thing) => stemsOf(thing).length > 0 && !/^(?:only|no|nothing|at most|at least)\b/i.test(thing))
    .filter((thing) => overlap(stemsOf(thing), stems) === 0 && !hasForm(thing, answer))
    .map((thing) => `It does not mention ${thing.replace(/^(?:that|whether)\s+/i, '')}.`)
}

function hasForm(thing: string, answer: string): boolean {
  if (/price|amount|cost|sum\b/i.test(thing)) return amountsIn(answer).length > 0
  if (/date|deadline|when\b/i.test(thing)) return datesIn(answer).length > 0
  return /number|figure/i.test(thing) && numbersIn(answer).length > 0
}

const most =
  /\b(?:at most|no more than|not more than|under|below|less than|fewer than|shorter than|up to|within|in)\s+$/i
const least = /\b(?:at least|more than|no fewer than|no less than|longer than)\s+$/i

/** Lengths that the criteria name, and the answer does not keep. */
function wrongLengths(answer: string, criteria: string): string[] {
  const counts: Record<string, number> = {
    word: answer.split(/\s+/).length,
    sentence: sentencesOf(answer).length,
    character: answer.length,
  }
  return numbersIn(criteria).flatMap(({ value, index, length }) => {
    const unit = /^\s*(word|sentence|character)s?\b(\s+at most)?/i.exec(criteria.slice(index + length))
    const count = counts[unit?.[1]?.toLowerCase() ?? '']
    if (!unit || count === undefined) return []
    const before = criteria.slice(0, index)
    const told = `It has ${count} ${String(unit[1]).toLowerCase()}s`
    if (least.test(before)) return count < value ? [`${told}, at least ${value} are wanted.`] : []
    const isLimit = most.test(before) || unit[2] !== undefined
    return isLimit && count > value ? [`${told}, at most ${value} are wanted.`] : []
  })
}
