import type { Usage } from '@/flow/kind'
import type { ProviderKind } from './provider'

/** US dollars for a million tokens. */
export interface Price {
  input: number
  output: number
}

/** What is known of a model. */
export interface ModelFacts extends Price {
  /** Tokens that it holds at most, question and answer together; null: nobody has said. */
  context?: number | null
}

/** A workspace's own price of a model; a last `*` stands for all names that begin so. */
export interface OwnPrice extends ModelFacts {
  model: string
}

/**
 * List prices of the companies, as far as known when this version was made: without discounts, caches or batches; and
 * their context windows.
 * A name stands for its dated forms too (`gpt-4o-mini-2024-07-18`).
 */
export const shippedPrices: Readonly<Record<string, ModelFacts>> = {
  'openai/gpt-5.1': { input: 1.25, output: 10, context: 400_000 },
  'openai/gpt-5': { input: 1.25, output: 10, context: 400_000 },
  'openai/gpt-5-mini': { input: 0.25, output: 2, context: 400_000 },
  'openai/gpt-5-nano': { input: 0.05, output: 0.4, context: 400_000 },
  'openai/gpt-4.1': { input: 2, output: 8, context: 1_047_576 },
  'openai/gpt-4.1-mini': { input: 0.4, output: 1.6, context: 1_047_576 },
  'openai/gpt-4.1-nano': { input: 0.1, output: 0.4, context: 1_047_576 },
  'openai/gpt-4o': { input: 2.5, output: 10, context: 128_000 },
  'openai/gpt-4o-mini': { input: 0.15, output: 0.6, context: 128_000 },
  'openai/o3': { input: 2, output: 8, context: 200_000 },
  'openai/o4-mini': { input: 1.1, output: 4.4, context: 200_000 },
  'openai/text-embedding-3-small': { input: 0.02, output: 0, context: 8_191 },
  'openai/text-embedding-3-large': { input: 0.13, output: 0, context: 8_191 },
  'openai/text-embedding-ada-002': { input: 0.1, output: 0, context: 8_191 },
  'anthropic/claude-opus-4-5': { input: 5, output: 25, context: 200_000 },
  'anthropic/claude-opus-4-1': { input: 15, output: 75, context: 200_000 },
  'anthropic/claude-opus-4': { input: 15, output: 75, context: 200_000 },
  'anthropic/claude-sonnet-4-5': { input: 3, output: 15, context: 200_000 },
  'anthropic/claude-sonnet-4': { input: 3, output: 15, context: 200_000 },
  'anthropic/claude-haiku-4-5': { input: 1, output: 5, context: 200_000 },
  'anthropic/claude-3-5-haiku': { input: 0.8, output: 4, context: 200_000 },
  'google/gemini-3-pro-preview': { input: 2, output: 12, context: 1_048_576 },
  'google/gemini-2.5-pro': { input: 1.25, output: 10, context: 1_048_576 },
  'google/gemini-2.5-flash': { input: 0.3, output: 2.5, context: 1_048_576 },
  'google/gemini-2.5-flash-lite': { input: 0.1, output: 0.4, context: 1_048_576 },
  'google/gemini-2.0-flash': { input: 0.1, output: 0.4, context: 1_048_576 },
}

/** What may follow a name so that it is still the same model: a date or a number of the edition, and `-latest`. */
const edition = /^-(\d{4}-\d{2}-\d{2}|\d{6,8}|\d{3}|latest)$/

interface Named {
  name: string
  kind: ProviderKind
  id: string
}

/**
 * The price of a model: the workspace's own by its name, then by the longest beginning, then the shipped one of that kind
 * of provider. Null when nobody knows it.
 */
export function priceOf(own: readonly OwnPrice[], model: Named): Price | null {
  const [first] = factsOf(own, model)
  return first ? { input: first.input, output: first.output } : null
}

/** How many tokens a model holds, looked up in the same order; null when nobody knows. */
export function contextOf(own: readonly OwnPrice[], model: Named): number | null {
  return factsOf(own, model).find(({ context }) => context)?.context ?? null
}

/** All that is said of a model, what counts most first. */
function factsOf(own: readonly OwnPrice[], model: Named): ModelFacts[] {
  const exact = own.filter((price) => price.model === model.name)
  const fitting = own
    .filter((price) => price.model.endsWith('*') && model.name.startsWith(price.model.slice(0, -1)))
    .sort((one, other) => other.model.length - one.model.length)
  const wanted = `${model.kind}/${model.id}`
  const shipped = Object.entries(shippedPrices).find(
    ([name]) => wanted === name || (wanted.startsWith(name) && edition.test(wanted.slice(name.length))),
  )
  return [...exact, ...fitting, ...(shipped ? [shipped[1]] : [])]
}

/** US dollars. */
export function costOf(
  { inputTokens, outputTokens }: Pick<Usage, 'inputTokens' | 'outputTokens'>,
  price: Price,
): number {
  return (inputTokens * price.input + outputTokens * price.output) / 1_000_000
}
