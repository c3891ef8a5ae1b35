import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { wrapLanguageModel, type LanguageModel, type LanguageModelMiddleware } from 'ai'
import type { Fetch } from '../http-client/fetch'

/** How a provider is spoken with. `compatible`: as OpenAI's chat completions, which most servers do. */
export const providerKinds = ['openai', 'anthropic', 'google', 'compatible'] as const
export type ProviderKind = (typeof providerKinds)[number]

/** Who offers models, and how to get at them. */
export interface Provider {
  /** What the names of its models begin with. */
  name: string
  kind: ProviderKind
  /** Null: where the company has it. */
  baseUrl: string | null
  key: string | null
  /** It has one, which the server's secret of today does not open. */
  hasLostKey: boolean
  /** Kept by the workspace, or told by the environment of the server and then the same for all. */
  source: 'workspace' | 'server'
  /** Undefined: Node's own. */
  fetch: Fetch | undefined
}

/** Where the companies answer, as their SDKs have it. */
export const homes: Record<Exclude<ProviderKind, 'compatible'>, string> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
}

/** The model meant when the provider is and none is named; a compatible server says itself what it has. */
export const firstModels: Record<Exclude<ProviderKind, 'compatible'>, string> = {
  openai: 'gpt-4o-mini',
  anthropic: 'claude-haiku-4-5',
  google: 'gemini-2.5-flash',
}

/** Gemini refuses a request whose schemas name other formats; they are checked here in any case. */
const plainFormats: LanguageModelMiddleware = {
  specificationVersion: 'v3',
  transformParams({ params }) {
    const { responseFormat, tools } = params
    return Promise.resolve({
      ...params,
      ...(responseFormat ? { responseFormat: withoutFormats(responseFormat) } : {}),
      ...(tools ? { tools: tools.map(withoutFormats) } : {}),
    })
  },
}

function withoutFormats<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, member: unknown) =>
    key === 'format' && typeof member === 'string' && member !== 'date-time' ? undefined : member,
  ) as T
}

/** Making one builds the schemas of all that its provider may answer: a twentieth of what a short call costs. */
const opened = new WeakMap<Provider, Map<string, LanguageModel>>()
const openedEach = 100

/** Makes no connection yet. */
export function openModel(provider: Provider, id: string): LanguageModel {
  const known = opened.get(provider) ?? new Map<string, LanguageModel>()
  const model = known.get(id) ?? makeModel(provider, id)
  if (known.size >= openedEach) known.clear()
  opened.set(provider, known.set(id, model))
  return model
}

function makeModel({ name, kind, baseUrl, key, fetch }: Provider, id: string): LanguageModel {
  const options = {
    baseURL: baseUrl ?? undefined,
    apiKey: key ?? '',
    fetch: fetch as typeof globalThis.fetch,
  }
  switch (kind) {
    case 'openai':
      return createOpenAI(options)(id)
    case 'anthropic':
      return createAnthropic(options)(id)
    case 'google':
      return wrapLanguageModel({ model: createGoogleGenerativeAI(options)(id), middleware: plainFormats })
    case 'compatible':
      return createOpenAICompatible({
        name,
        baseURL: baseUrl ?? '',
        apiKey: key ?? undefined,
        includeUsage: true,
        supportsStructuredOutputs: true,
        fetch: fetch as typeof globalThis.fetch,
      })(id)
  }
}
