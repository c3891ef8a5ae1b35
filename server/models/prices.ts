import type { Usage } from '@/flow/kind'
import type { ProviderKind } from './provider'

/** US dollars for a million tokens. */
export interface Price {
  input: number
  output: number
}

/** A workspace's own price of a model; a last `*` stands for all names that begin so. */
export interface OwnPrice extends Price {
  model: string
}

/**
 * List prices of the companies, as far as known when this version was made: without discounts, caches or batches.
 * A name stands for its dated forms too (`gpt-4o-mini-2024-07-18`).
 */
export const shippedPrices: Readonly<Record<string, Price>> = {
  'openai/gpt-5.1': { input: 1.25, output: 10 },
  'openai/gpt-5': { input: 1.25, output: 10 },
  'openai/gpt-5-mini': { input: 0.25, output: 2 },
  'openai/gpt-5-nano': { input: 0.05, output: 0.4 },
  'openai/gpt-4.1': { input: 2, output: 8 },
  'openai/gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'openai/gpt-4.1-nano': { input: 0.1, output: 0.4 },
  'openai/gpt-4o': { input: 2.5, output: 10 },
  'openai/gpt-4o-mini': { input: 0.15, output: 0.6 },
  'openai/o3': { input: 2, output: 8 },
  'openai/o4-mini': { input: 1.1, output: 4.4 },
  'openai/text-embedding-3-small': { input: 0.02, output: 0 },
  'openai/text-embedding-3-large': { input: 0.13, output: 0 },
  'openai/text-embedding-ada-002': { input: 0.1, output: 0 },
  'anthropic/claude-opus-4-5': { input: 5, output: 25 },
  'anthropic/claude-opus-4-1': { input: 15, output: 75 },
  'anthropic/claude-opus-4': { input: 15, output: 75 },
  'anthropic/claude-sonnet-4-5': { input: 3, output: 15 },
  'anthropic/claude-sonnet-4': { input: 3, output: 15 },
  'anthropic/claude-haiku-4-5': { input: 1, output: 5 },
  'anthropic/claude-3-5-haiku': { input: 0.8, output: 4 },
  'google/gemini-3-pro-preview': { input: 2, output: 12 },
  'google/gemini-2.5-pro': { input: 1.25, output: 10 },
  'google/gemini-2.5-flash': { input: 0.3, output: 2.5 },
  'google/gemini-2.5-flash-lite': { input: 0.1, output: 0.4 },
  'google/gemini-2.0-flash': { input: 0.1, output: 0.4 },
}

/** What may follow a name so that it is still the same model: a date or a number of the edition, and `-latest`. */
const edition = /^-(\d{4}-\d{2}-\d{2}|\d{6,8}|\d{3}|latest)$/

/**
 * The price of a model: the workspace's own by its name, then by the longest beginning, then the shipped one of that kind
 * of provider. Null when nobody knows it.
 */
export function priceOf(
  own: readonly OwnPrice[],
  model: { name: string; kind: ProviderKind; id: string },
): Price | null {
  const exact = own.find((price) => price.model === model.name)
  if (exact) return exact
  const fitting = own
    .filter((price) => price.model.endsWith('*') && model.name.startsWith(price.model.slice(0, -1)))
    .sort((one, other) => other.model.length - one.model.length)[0]
  if (fitting) return fitting
  const shipped = `${model.kind}/${model.id}`
  for (const [name, price] of Object.entries(shippedPrices)) {
    if (shipped === name || (shipped.startsWith(name) && edition.test(shipped.slice(name.length))))
      return price
  }
  return null
}

/** US dollars. */
export function costOf({ inputTokens, outputTokens }: Usage, price: Price): number {
  return (inputTokens * price.input + outputTokens * price.output) / 1_000_000
}
