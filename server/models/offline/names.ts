import { datesIn } from './dates'
import type { Find } from './nearest'

/* With the flag `i`, \p{Lu} would mean small letters too: what leads to a name is sought apart from the name. */

const word = String.raw`\p{Lu}(?:[\p{L}'’-]+|\.|(?![\p{L}]))`
/** Without it a run of letters would be tried again from each of them. */
const begin = String.raw`(?<![\p{L}\d'’-])`
const nameAt = new RegExp(String.raw`(?:${word})(?:\s(?:(?:van|von|de|da|di|la|del)\s)*${word}){0,3}`, 'yu')
const placeAt = new RegExp(String.raw`${word}(?:[\s-]${word}){0,2}(?:,\s?${word}(?:\s${word}){0,2})?`, 'yu')

const personLead =
  /\b(?:my (?:full |first |last )?name is|(?:full |first |last )?name(?:'s|’s| is| to| should be|:)|i am|i'm|i’m|this is|call me|called|(?:kind |best )?regards,?|dear|mrs?\.|ms\.|dr\.)\s+/gi
/** What follows is somebody's, whatever else it looks like. */
const nameLead = /\b(?:(?:full |first |last )?name(?:'s|’s| is| should be|:)|call me)\s+/gi
const placeLead = /\b(?:in|at|from|near|to|of|city|town|place|country|is|:)\s+/gi
const companyLead = /\b(?:company|customer|firm|at|for|from|of|with|called|is)\s+/gi

/** Never names, however they are written. */
const plainWord =
  /^(?:I|I'm|The|A|An|My|We|Our|It|It's|He|She|They|You|Your|Hi|Hello|Hey|Dear|Please|Thanks?|Thank|Yes|No|OK|Okay|What|When|Where|Why|How|Who|Which|This|That|There|Here|And|But|Or|If|So|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December|Mr|Mrs|Ms|Dr)\.?$/u

/** People that a text names: those it introduces first, then two capitalised words together. */
export function peopleIn(text: string): Find<string>[] {
  return [...after(text, personLead, nameAt).map((find) => ({ ...find, bonus: 5 })), ...capitalised(text, 2)]
}

/** Companies: what follows a word such as company, and names with a legal form. */
export function companiesIn(text: string): Find<string>[] {
  const legal =
    /(?<![\p{L}\d&'’-])\p{Lu}[\p{L}\d&'’-]*(?:\s\p{Lu}[\p{L}\d&'’-]*){0,3}\s(?:Inc|Ltd|LLC|GmbH|AG|SE|SA|BV|Corp|s\.r\.o|a\.s)\b\.?/gu
  const named = [...text.matchAll(legal)].map((match) => ({
    value: match[0],
    index: match.index,
    length: match[0].length,
    bonus: 5,
  }))
  return [...named, ...after(text, companyLead, nameAt), ...capitalised(text, 2)]
}

/** Places: what follows in, at or from, then two names with a comma between. */
export function placesIn(text: string): Find<string>[] {
  const pair = new RegExp(
    String.raw`${begin}${word}(?:\s${word}){0,2},\s${word}(?:\s${word}){0,2}(?=[.,;!?]|\s|$)`,
    'gu',
  )
  const pairs = [...text.matchAll(pair)].map((match) => ({
    value: tidy(match[0]),
    index: match.index,
    length: match[0].length,
  }))
  const led = after(text, placeLead, placeAt).map((find) => ({ ...find, bonus: 2 }))
  const people = new Set(after(text, nameLead, nameAt).map(({ index }) => index))
  return [...led, ...pairs].filter(
    ({ value, index }) => !people.has(index) && !plainWord.test(value.split(/[\s,]/)[0] ?? ''),
  )
}

/** A street with its number, on either side. */
export function addressesIn(text: string): Find<string>[] {
  const street =
    /\b\d{1,5}[a-z]?\s\p{Lu}\p{L}+(?:\s\p{Lu}\p{L}+){0,3}|(?<![\p{L}\d])\p{Lu}\p{L}+(?:\s\p{Lu}?\p{L}+){0,2}\s\d{1,5}[a-z]?\b/gu
  return [...text.matchAll(street)].flatMap((match) => {
    const [value] = match
    if (datesIn(value).length > 0) return []
    const rest = /^,\s?(?:\d{3,6}\s?)?\p{Lu}\p{L}+(?:\s\p{Lu}?\p{L}+){0,2}/u.exec(
      text.slice(match.index + value.length),
    )
    const whole = value + (rest?.[0] ?? '')
    return [{ value: whole, index: match.index, length: whole.length }]
  })
}

function after(text: string, lead: RegExp, at: RegExp): Find<string>[] {
  return [...text.matchAll(lead)].flatMap((match) => {
    const index = match.index + match[0].length
    at.lastIndex = index
    const found = at.exec(text)?.[0]
    if (found === undefined) return []
    const value = tidy(found)
    if (plainWord.test(value) || datesIn(` in ${value}`).length > 0) return []
    return [{ value, index, length: value.length }]
  })
}

function capitalised(text: string, least: number): Find<string>[] {
  const run = new RegExp(String.raw`${begin}${word}(?:\s${word}){${least - 1},3}`, 'gu')
  return [...text.matchAll(run)].flatMap((match) => {
    const parts = tidy(match[0]).split(/\s/)
    const skipped = parts.findIndex((part) => !plainWord.test(part))
    const kept = skipped < 0 ? [] : parts.slice(skipped)
    const isName = kept.length >= least && !kept.some((part) => plainWord.test(part))
    return isName ? [{ value: kept.join(' '), index: match.index, length: match[0].length }] : []
  })
}

function tidy(name: string): string {
  return name.replace(/[.,;:!?]+$/u, '').trim()
}
