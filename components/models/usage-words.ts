import type { Usage } from '@/flow/kind'

const whole = new Intl.NumberFormat('en')
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** `1,204`, from ten thousand on `12.3K`. */
export function tokenWords(tokens: number): string {
  return (tokens < 10_000 ? whole : compact).format(tokens)
}

/** US dollars, as many digits as say something: `$12.30`, `$0.0042`, `less than $0.000001`. */
export function costWords(cost: number): string {
  if (cost === 0) return '$0'
  if (cost >= 1)
    return `$${cost.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
  if (cost < 0.000001) return 'less than $0.000001'
  return `$${cost.toLocaleString('en', { maximumSignificantDigits: 2, maximumFractionDigits: 20 })}`
}

/** For a million tokens in and out: `$0.15 / $0.6`. */
export function priceWords({ input, output }: { input: number; output: number }): string {
  return `$${input} / $${output}`
}

/** Of a few words the most telling: what it cost, or else how much it used. */
export function usageWords({ inputTokens, outputTokens, cost }: Usage): string {
  return cost ? costWords(cost) : `${tokenWords(inputTokens + outputTokens)} tokens`
}

interface Cost {
  calls: number
  cost: number
  unpriced: number
}

/** What some calls cost; says so when a part of it, or all, is not known. */
export function knownCostWords({ calls, cost, unpriced }: Cost): string {
  if (unpriced === 0) return costWords(cost)
  return unpriced === calls ? 'not known' : `${costWords(cost)} and ${whole.format(unpriced)} unpriced`
}
