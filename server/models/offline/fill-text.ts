import type { JsonObject } from '@/flow/json'
import { faultsOf } from '@/flow/json-shape'
import { agreementOf } from './choose'
import { datesIn, isoDate, timesIn, todayIn } from './dates'
import { plainName } from './facts'
import { addressesIn, companiesIn, peopleIn, placesIn } from './names'
import { findsOf, nearest, type Find } from './nearest'
import { topicOf } from './schema'
import type { Field, Source } from './source'
import { summarize } from './text'
import { splitNames, stemsOf } from './words'

/** A text of a known form, by the field's format, name or title. */
interface Form {
  when: RegExp
  finds(text: string): Find<string>[]
  /** Nothing but a find of this form is a value: no bare reply either. */
  isStrict: boolean
}

const matching = (pattern: RegExp) => (text: string) => findsOf(text, pattern)

/** The patterns have no nested repeats: they never hang. */
const forms: Form[] = [
  {
    when: /\bemail\b|\be mail\b|e-mail/i,
    finds: matching(/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/gu),
    isStrict: true,
  },
  { when: /\b(?:url|uri|link|website)\b/i, finds: matching(/https?:\/\/[^\s"'<>)]+/g), isStrict: true },
  {
    when: /phone|mobile|\btel\b/i,
    finds: matching(/\+\d[\d ()-]{6,18}\d|\b\d{3}[ -]\d{3}[ -]\d{3,4}\b|\b\d{9,15}\b/g),
    isStrict: true,
  },
  {
    when: /date-time|timestamp|\bdate\b|\bday\b|\bdue\b|deadline|birthday/i,
    finds: datesIn,
    isStrict: false,
  },
  { when: /\btime\b|\bhour\b|o'clock/i, finds: timesIn, isStrict: true },
  {
    when: /last (?:four|4)|four digits|\b4 digits/i,
    finds: matching(/(?<![\d-])\d{4}(?![\d-])/g),
    isStrict: true,
  },
  {
    when: /\b(?:id|number|no|reference|code)\b|^\s*(?:order|invoice|ticket|account|contract)\s*$/i,
    finds: matching(/#?\b[A-Z]{0,6}-?\d{2,}[\w-]*/g),
    isStrict: false,
  },
  { when: /\b(?:address|street)\b/i, finds: addressesIn, isStrict: false },
  { when: /\b(?:company|firm|employer|organi[sz]ation)\b/i, finds: companiesIn, isStrict: false },
  { when: /\b(?:city|country|place|town|location|where|destination)\b/i, finds: placesIn, isStrict: false },
  {
    when: /\bname\b|\bperson\b|\bwho\b|^\s*(?:customer|contact|guest|recipient|author)\s*$/i,
    finds: peopleIn,
    isStrict: false,
  },
]

/** Such fields are written for whoever asks: their text is made of what matters most. */
const written = /\b(?:summary|reply|answer|message|body|draft|letter|text|reason|critique|analysis|advice)\b/i
const namesThing = /\b(?:first|last|full|user|company)? ?name\b/i
const longestChars = 2_000

/** Undefined: nothing speaks for a text. */
export function fillText(schema: JsonObject, field: Field, source: Source): string | undefined {
  const longest = typeof schema.maxLength === 'number' ? schema.maxLength : longestChars
  const format = typeof schema.format === 'string' ? schema.format : ''
  const title = typeof schema.title === 'string' ? schema.title : ''
  const what = `${splitNames(field.name)} ${format}`
  const form = forms.find(({ when }) => when.test(what)) ?? forms.find(({ when }) => when.test(title))
  const topic = topicOf(schema, field.name)
  const fits = (text: string) => faultsOf(schema, text).length === 0
  const today = todayIn(source.instructions)
  const wanted = (said: string) => asWanted(said, what, schema, fits, today)
  for (const { text, facts, taken } of source.readings) {
    const said = facts.get(plainName(field.name)) ?? facts.get(plainName(title))
    const known = said === undefined || said === null || typeof said === 'object' ? undefined : String(said)
    const isFound = known !== undefined && known !== ''
    if (isFound) return wanted(known).slice(0, longest)
    const seen =
      form?.finds(text) ?? (typeof schema.pattern === 'string' ? matching(/\S+/g)(text).map(bared) : [])
    const finds = seen.filter(({ value }) => fits(wanted(value)))
    const found = nearest(partsFor(finds, what), text, new Set(stemsOf(topic)), taken)
    if (found !== undefined) return wanted(found)
    if (!field.isAsked || text === '' || text !== source.conversation.said || form?.isStrict) continue
    const bare = bareReply(text, new Set(stemsOf(topic)))
    if (bare === undefined || (form && form.finds !== datesIn && isMoment(bare))) continue
    if (fits(bare)) return bare.slice(0, longest)
  }
  if (form || format !== '' || namesThing.test(what)) return undefined
  const isWritten = written.test(what) || field.isWanted
  const made = (isWritten ? summaryFor(topic, what, source) : sentenceOn(topic, source))?.slice(0, longest)
  return made === undefined || field.isWanted || fits(made) ? made : undefined
}

/** Without the marks around a word. */
function bared(find: Find<string>): Find<string> {
  return { ...find, value: find.value.replace(/^["'(“]+|["')”.,;:!?]+$/g, '') }
}

/** Of a place its city or its country, when that is what the field wants. */
function partsFor(finds: readonly Find<string>[], what: string): readonly Find<string>[] {
  const isCity = /\bcity\b|\btown\b/i.test(what)
  if (!isCity && !/\bcountry\b/i.test(what)) return finds
  return finds.flatMap((find) => {
    const parts = find.value.split(',').map((part) => part.trim())
    const value = isCity ? parts[0] : parts.length > 1 ? parts.at(-1) : find.value
    return value === undefined ? [] : [{ ...find, value }]
  })
}

/** As the schema wants a date or a time written; as it was said when it wants nothing. */
function asWanted(
  said: string,
  what: string,
  schema: JsonObject,
  fits: (text: string) => boolean,
  today: string | undefined,
): string {
  if (schema.format === 'date') return isoDate(said, today) ?? said
  if (schema.format === 'date-time') return moment(said, today) ?? said
  if (schema.format === 'time') return /^\d\d:\d\d$/.test(said) ? `${said}:00Z` : said
  if (fits(said) || !/date|day|birth/i.test(what)) return said
  const [year, month, day] = (isoDate(said, today) ?? '').split('-')
  const ways = [`${year}-${month}-${day}`, `${day}/${month}/${year}`, `${day}.${month}.${year}`]
  return (day === undefined ? undefined : ways.find(fits)) ?? said
}

function moment(said: string, today: string | undefined): string | undefined {
  const at = new Date(/\d[T ]\d/.test(said) ? said : `${isoDate(said, today) ?? ''}T00:00:00Z`)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

const replyLead =
  /^(?:(?:well|so|oh|yes|no|sure|ok(?:ay)?)[,.]?\s+)?(?:(?:it|that|this)(?:'s|’s| is| was| should be)|my [\p{L} ]{1,30}? (?:is|was)|i(?:'m| am|’m)|i was born (?:in|on|at)|i (?:live|work) (?:in|at|for)|the [\p{L} ]{1,30}? is|make it|call me|in|at|on|from)\s+/iu
const mostReplyWords = 15

/** Of what a reply says that it tells, as in `my name is`. */
const toldOf = /^(?:(?:well|so|oh|yes|no|sure|ok(?:ay)?)[,.]?\s+)?(?:my|the) ([\p{L} ]{1,30}?) (?:is|was)\s/iu

/** A reply that is nothing but the value asked for; undefined when it is a question, an agreement, a long text or of something else. */
function bareReply(reply: string, topic: ReadonlySet<string>): string | undefined {
  const text = reply.trim()
  const told = toldOf.exec(text)?.[1]
  if (told !== undefined && !stemsOf(told).some((stem) => topic.has(stem))) return undefined
  if (text === '' || text.endsWith('?') || text.split(/\s+/).length > mostReplyWords) return undefined
  if (agreementOf(text) !== undefined) return undefined
  const value = text
    .replace(replyLead, '')
    .replace(/[.!,;\s]+$/, '')
    .replace(/^"(.*)"$/, '$1')
  return value === '' ? undefined : value
}

function isMoment(text: string): boolean {
  return datesIn(text).length > 0 || timesIn(text).length > 0
}

function summaryFor(topic: string, what: string, source: Source): string | undefined {
  const { whole, said } = source.conversation
  const summary = summarize(
    source.conversation.answers.length > 0 ? said : whole,
    `${topic} ${source.instructions}`,
    /summary|reply|answer|message|body|draft|letter|text/i.test(what) ? 3 : 1,
  )
  return summary === '' ? undefined : summary
}

/** The sentence that has most to do with the topic, if any has. */
function sentenceOn(topic: string, source: Source): string | undefined {
  const wanted = new Set(stemsOf(topic))
  for (const { text } of source.readings) {
    const sentence = summarize(text, topic, 1)
    if (sentence !== '' && stemsOf(sentence).some((stem) => wanted.has(stem))) return sentence
  }
  return undefined
}
