import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { embedMany, type EmbeddingModel } from 'ai'
import { StepError, type Usage } from '@/flow/kind'
import { modelFailure } from './failure'
import type { Provider } from './provider'

/** Says what texts mean, as points in a space where what means alike is near. Throws StepError `model_…`. */
export interface Embedder {
  /** `provider/name`. */
  name: string
  /** A vector for each text, all of one length. Some providers make others of what is searched than of what is asked. */
  embed(
    texts: readonly string[],
    options: { as: 'passage' | 'question'; signal: AbortSignal },
  ): Promise<{ vectors: number[][]; usage: Usage }>
}

/** More than pgvector compares. */
const dimensionsAtMost = 16_000

/** Throws StepError `embeddings_not_offered`. Makes no connection yet. */
export function openEmbedder(
  name: string,
  provider: Provider,
  id: string,
  /** US dollars; without it nobody knows. */
  cost?: (usage: Usage) => number,
): Embedder {
  const model = openModel(provider, id)
  return {
    name,
    async embed(texts, { as, signal }) {
      try {
        const { embeddings, usage } = await embedMany({
          model,
          values: [...texts],
          maxRetries: 0,
          abortSignal: signal,
          providerOptions: {
            google: { taskType: as === 'passage' ? 'RETRIEVAL_DOCUMENT' : 'RETRIEVAL_QUERY' },
          },
        })
        // Google does not tell.
        const isTold = Number.isFinite(usage.tokens)
        const used: Usage = { inputTokens: isTold ? usage.tokens : 0, outputTokens: 0, model: name }
        if (cost && isTold) used.cost = cost(used)
        return { vectors: checked(name, embeddings, texts.length, used), usage: used }
      } catch (error) {
        throw modelFailure(error, name, signal, provider.key ?? undefined)
      }
    },
  }
}

function openModel({ name, kind, baseUrl, key, fetch }: Provider, id: string): EmbeddingModel {
  const options = {
    baseURL: baseUrl ?? undefined,
    apiKey: key ?? '',
    fetch: fetch as typeof globalThis.fetch,
  }
  switch (kind) {
    case 'openai':
      return createOpenAI(options).embeddingModel(id)
    case 'google':
      return createGoogleGenerativeAI(options).embeddingModel(id)
    case 'compatible':
      return createOpenAICompatible({
        ...{ ...options, name, baseURL: baseUrl ?? '', apiKey: key ?? undefined },
      }).embeddingModel(id)
    case 'anthropic':
      throw new StepError(
        'embeddings_not_offered',
        'Anthropic offers no embeddings. Choose another provider.',
      )
  }
}

/** An answer of no use was paid for all the same. */
function checked(name: string, vectors: number[][], count: number, usage: Usage): number[][] {
  const length = vectors[0]?.length ?? 0
  const isWhole =
    vectors.length === count &&
    length > 0 &&
    length <= dimensionsAtMost &&
    vectors.every((vector) => vector.length === length && vector.every(isReal))
  if (isWhole) return vectors.map((vector) => vector.map((each) => (Math.abs(each) < leastReal ? 0 : each)))
  throw new StepError(
    'model_output_invalid',
    `What ${name} answers are no embeddings. Choose another model.`,
    {
      usage,
    },
  )
}

/** What PostgreSQL's `real` can hold: nearer to nothing than that is an error there. */
const leastReal = 1e-37
const isReal = (value: number) => Number.isFinite(Math.fround(value))
