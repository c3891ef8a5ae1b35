import { datesIn, timesIn } from './dates'
import type { Find } from './nearest'

const words = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'],
  ...['twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty'],
]

const scales: Record<string, number> = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6 }

const digits =
  /(?<![\p{L}\d#._-])[-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:\.\d+)?)(?:\s?(?:k|thousand|m|million)\b)?(?![\p{L}\d]|[.:/-]\d)/giu

const spelled = new RegExp(`\\b(?:${words.join('|')})\\b`, 'gi')

const currency = /[$€£¥]|\b(?:USD|EUR|GBP|CHF|CZK|JPY|dollars?|euros?|pounds?|crowns?)\b/i

/** The numbers of a text, written in digits or in words; not those of dates, times and telephones. */
export function numbersIn(text: string): Find<number>[] {
  const plain = withoutForms(text)
  const written = [...plain.matchAll(digits)].map((match): Find<number> => ({
    value: valueOf(match[0]),
    index: match.index,
    length: match[0].length,
  }))
  const said = [...plain.matchAll(spelled)].map((match): Find<number> => ({
    value: words.indexOf(match[0].toLowerCase()),
    index: match.index,
    length: match[0].length,
  }))
  return [...written, ...said].filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.index - b.index)
}

/** Those beside a currency first. */
export function amountsIn(text: string): Find<number>[] {
  return numbersIn(text).map((find) => {
    const around = text.slice(Math.max(0, find.index - 5), find.index + find.length + 8)
    return currency.test(around) ? { ...find, bonus: 3 } : find
  })
}

function valueOf(said: string): number {
  const [, number = '', scale = ''] =
    /^([-+]?[\d.,\s\u00a0\u202f]*\d)\s?(k|thousand|m|million)?$/iu.exec(said) ?? []
  const isComma = /\.\d{3},\d+$/.test(number) || /[ \u00a0\u202f]\d{3},\d+$/.test(number)
  const plain = isComma ? number.replace(/[.\s]/gu, '').replace(',', '.') : number.replace(/[,\s]/gu, '')
  return Number(plain) * (scales[scale.toLowerCase()] ?? 1)
}

const forms =
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|https?:\/\/[^\s"'<>)]+|\+\d[\d ()-]{6,18}\d|\b\d{3}[ -]\d{3}[ -]\d{4}\b/gu

/** Other things with digits, blanked out in their places. */
function withoutForms(text: string): string {
  let plain = text.replace(forms, blank)
  for (const { index, length } of [...datesIn(plain), ...timesIn(plain)]) {
    plain = plain.slice(0, index) + ' '.repeat(length) + plain.slice(index + length)
  }
  return plain
}

function blank(found: string): string {
  return ' '.repeat(found.length)
}
