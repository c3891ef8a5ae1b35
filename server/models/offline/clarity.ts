import { datesIn, timesIn } from './dates'
import { amountsIn, numbersIn } from './numbers'
import { overlap, sentencesOf, stemsOf } from './words'

export interface Clarity {
  /** 0 to 100: how much of what must be known is said. */
  score: number
  /** What is not said yet, in the words of whoever asks for it. */
  missing: string[]
  /** What to ask next; empty when nothing is missing. */
  question: string
}

/** How much a request says, when nobody says what it must: distinct telling words, up to this many. */
const wholeRequestWords = 9

/** Says how clear a request is about the things that must be known of it. */
export function clarityOf(request: string, about: string): Clarity {
  const wanted = wantedThings(about)
  if (wanted.length === 0) return byLength(request)
  const missing = wanted.filter((thing) => !isSaid(thing, request))
  const score = Math.round((100 * (wanted.length - missing.length)) / wanted.length)
  return { score, missing, question: questionFor(missing) }
}

function byLength(request: string): Clarity {
  const words = new Set(stemsOf(request)).size
  const score = Math.min(100, Math.round((100 * words) / wholeRequestWords))
  const isClear = score >= 80
  return {
    score,
    missing: isClear ? [] : ['details'],
    question: isClear ? '' : 'Could you say more about what you need, what for, and by when?',
  }
}

function questionFor(missing: readonly string[]): string {
  if (missing.length === 0) return ''
  const things = missing.map((each) => each.replace(/^the\s+/i, ''))
  const last = things.at(-1) ?? ''
  const listed = things.length > 1 ? `${things.slice(0, -1).join(', ')} and ${last}` : last
  return `Please tell me more about this: ${listed}.`
}

const wantedLead =
  /\b(?:about|know|knows|needs?|clear(?: about)?|says?|states?|mentions?|names?|includes?|covers?|must (?:say|state|name|include)|:)\s+([^.\n:]+)/gi
const longestThingWords = 8

/** The things that a text lists: as lines of a list, else as words with commas or "and" between. */
function wantedThings(about: string): string[] {
  const items = [...about.matchAll(/^\s*(?:[-*•]|\d+[.)])\s+(.+)$/gm)].map(([, item = '']) => item)
  if (items.length > 0) return items.map(tidy).filter(Boolean)
  const lists = [...about.matchAll(wantedLead)].map(([, list = '']) => list)
  const bare = /[,;]/.test(about) && sentencesOf(about).length === 1 ? [about] : []
  const split = [...lists, ...bare].map((list) =>
    list
      .split(/[,;]|\band\b|\bor\b/)
      .map(tidy)
      .filter((each) => each !== '' && each.split(/\s+/).length <= longestThingWords),
  )
  return split.reduce((most, each) => (each.length > most.length ? each : most), [])
}

function tidy(thing: string): string {
  return thing
    .trim()
    .replace(/^(?:about|of|its|their|what|which)\s+/i, '')
    .replace(/[.:;,\s]+$/, '')
}

const ways: { when: RegExp; isSaid: (text: string) => boolean }[] = [
  { when: /budget|price|cost|amount|money/i, isSaid: (text) => amountsIn(text).some(({ bonus }) => bonus) },
  {
    when: /deadline|\bdate|when\b|\bdue\b|by when/i,
    isSaid: (text) => datesIn(text).length > 0 || /\b(?:asap|weeks?|months?|days?|today)\b/i.test(text),
  },
  { when: /\btime\b/i, isSaid: (text) => timesIn(text).length > 0 },
  { when: /e-?mail/i, isSaid: (text) => /\S@\S+\.\S/.test(text) },
  { when: /how many|number|quantity|count\b/i, isSaid: (text) => numbersIn(text).length > 0 },
  {
    when: /platform|technolog|language|framework|stack/i,
    isSaid: (text) =>
      /\b(?:web|mobile|android|ios|iphone|desktop|browser|windows|linux|mac|cloud|python|java|javascript|typescript|node|php|ruby|go|rust|c#|\.net|sql|react|excel|api|app)\b/i.test(
        text,
      ),
  },
  {
    when: /function|feature|capabilit|\bdo(?:es)?\b|must be able/i,
    isSaid: (text) =>
      /\b(?:register|registration|search|updat|delet|list|show|send|store|manag|track|report|export|import|book|order|pay|sign|login|upload|print|calculat|sort|filter|edit|notify|compar|rate)/i.test(
        text,
      ),
  },
  {
    when: /audience|users?\b|who\b|whom|for people/i,
    isSaid: (text) =>
      /\b(?:for|by)\s+(?:(?:our|my|the|all|new|small)\s+){0,2}(?!me\b|it\b|this\b|that\b)\p{L}{3,}/iu.test(
        text,
      ) ||
      /\b(?:users?|customers?|clients?|team|employees|students|patients|colleagues|visitors)\b/i.test(text),
  },
]

function isSaid(thing: string, text: string): boolean {
  if (overlap(stemsOf(thing), new Set(stemsOf(text))) > 0) return true
  return ways.some(({ when, isSaid }) => when.test(thing) && isSaid(text))
}
