import type { Database } from '@/db/client'
import { listModelPrices, listModelProviders, readDefaultModel } from '@/db/models'
import { StepError, type Usage } from '@/flow/kind'
import type { Model } from '@/nodes/step'
import type { Fetch } from '../http-client/fetch'
import type { Secrets } from '../secrets'
import { openEmbedder, type Embedder } from './embed'
import { listModels } from './model-list'
import { offlineModel } from './offline/model'
import { contextOf, costOf, priceOf, type OwnPrice } from './prices'
import { firstModels, openModel, providerKinds, type Provider, type ProviderKind } from './provider'
import { providerModel } from './provider-model'

type Tokens = Pick<Usage, 'inputTokens' | 'outputTokens'>

/** What the models need of the environment. */
export interface ModelEnv {
  OPENAI_API_KEY?: string
  /** Any OpenAI-compatible server: then `openai/…` and `local/…` are its models. */
  OPENAI_BASE_URL?: string
  ANTHROPIC_API_KEY?: string
  GOOGLE_GENERATIVE_AI_API_KEY?: string
}

/** The models of all workspaces. */
export interface Models {
  /** By `provider/name` or `offline`; none means the workspace's default. Throws StepError `model_unknown` or `model_no_key`. */
  find(workspaceId: string, name?: string): Promise<Model>
  /** By `provider/name`. Throws StepError `model_unknown`, `model_no_key`, `model_auth` or `embeddings_not_offered`. */
  embedder(workspaceId: string, name: string): Promise<Embedder>
  /** The name that none means. */
  defaultName(workspaceId: string): Promise<string>
  providers(workspaceId: string): Promise<readonly Provider[]>
  /** Ids of the models that a provider offers, at most a minute old. Throws StepError `model_…`. */
  list(workspaceId: string, provider: Provider): Promise<string[]>
  /** US dollars for what a model has used that was not asked from here; null when nobody knows. */
  cost(workspaceId: string, name: string, usage: Tokens): Promise<number | null>
  /** How many tokens a model holds; null when nobody knows. */
  context(workspaceId: string, name: string): Promise<number | null>
  /** The workspace has changed something here: it counts at once in this process, in others within five seconds. */
  forget(workspaceId: string): void
}

export interface ModelsOptions {
  env: ModelEnv
  /** What the workspaces keep; without it all have the same, by the environment. */
  stored?: { db: Database; secrets: Secrets }
  /** For addresses that workspaces gave: refuses private ones. */
  fetch?: Fetch
  /** For those that the environment tells. */
  serverFetch?: Fetch
}

/** Everything about one workspace's models; read anew every few seconds, so that a call of a model costs no query. */
interface Choice {
  providers: readonly Provider[]
  defaultModel: string | null
  prices: readonly OwnPrice[]
}

const believedMs = 5_000

/** The offline model has a known price, which is none. */
const freeModel: Model = {
  ...offlineModel,
  async generate(request) {
    const answer = await offlineModel.generate(request)
    return { ...answer, usage: { ...answer.usage, cost: 0 } }
  },
}

const listedMs = 60_000

export function createModels({ env, stored, fetch, serverFetch }: ModelsOptions): Models {
  const told = toldBy(env, serverFetch)
  const choices = new Map<string, { choice: Promise<Choice>; until: number }>()
  const lists = new Map<string, { ids: Promise<string[]>; until: number }>()

  async function choiceOf(workspaceId: string): Promise<Choice> {
    if (!stored) return { providers: told, defaultModel: null, prices: [] }
    const known = choices.get(workspaceId)
    if (known && known.until > performance.now()) return known.choice
    const choice = readChoice(stored, workspaceId, told, fetch)
    choice.catch(() => choices.delete(workspaceId))
    if (choices.size > 10_000) choices.clear()
    choices.set(workspaceId, { choice, until: performance.now() + believedMs })
    return choice
  }

  function list(workspaceId: string, provider: Provider): Promise<string[]> {
    const key = JSON.stringify([workspaceId, provider.name, provider.baseUrl, provider.key])
    const known = lists.get(key)
    if (known && known.until > performance.now()) return known.ids
    const ids = listModels(provider)
    ids.catch(() => lists.delete(key))
    if (lists.size > 1_000) lists.clear()
    lists.set(key, { ids, until: performance.now() + listedMs })
    return ids
  }

  async function nameOfDefault(workspaceId: string, { providers, defaultModel }: Choice): Promise<string> {
    if (defaultModel !== null) return defaultModel
    const [first] = providers
    if (!first) return 'offline'
    if (first.kind !== 'compatible') return `${first.name}/${firstModels[first.kind]}`
    const [id] = await list(workspaceId, first)
    if (id !== undefined) return `${first.name}/${id}`
    throw new StepError(
      'model_unknown',
      `The server ${first.name} offers no model. Load one there, or choose another.`,
    )
  }

  return {
    list,
    defaultName: async (workspaceId) => nameOfDefault(workspaceId, await choiceOf(workspaceId)),
    providers: async (workspaceId) => (await choiceOf(workspaceId)).providers,
    forget: (workspaceId) => void choices.delete(workspaceId),
    async find(workspaceId, given) {
      const choice = await choiceOf(workspaceId)
      const name = given ?? (await nameOfDefault(workspaceId, choice))
      if (name === 'offline') return freeModel
      const { provider, id, cost } = named(choice, name)
      const model = openModel(provider, id)
      return providerModel(name, model, { key: provider.key ?? undefined, ...(cost ? { cost } : {}) })
    },
    async cost(workspaceId, name, usage) {
      const choice = await choiceOf(workspaceId)
      const price = priceOf(choice.prices, placed(choice, name))
      return price && costOf(usage, price)
    },
    async context(workspaceId, name) {
      const choice = await choiceOf(workspaceId)
      return contextOf(choice.prices, placed(choice, name))
    },
    async embedder(workspaceId, name) {
      const { provider, id, cost } = named(await choiceOf(workspaceId), name)
      return openEmbedder(name, provider, id, cost)
    },
  }
}

/** Of a model whose provider may be gone, or be of no concern here: its name is all that is needed. */
function placed({ providers }: Choice, name: string): { name: string; kind: ProviderKind; id: string } {
  const slash = name.indexOf('/')
  const prefix = name.slice(0, Math.max(slash, 0))
  const kind = providerNamed(providers, prefix)?.kind ?? providerKinds.find((each) => each === prefix)
  return { name, kind: kind ?? 'compatible', id: name.slice(slash + 1) }
}

/** Who offers a model, and what it costs if anybody knows. Throws StepError `model_unknown`, `model_no_key` or `model_auth`. */
function named(
  choice: Choice,
  name: string,
): { provider: Provider; id: string; cost: ((usage: Usage) => number) | undefined } {
  const slash = name.indexOf('/')
  const prefix = name.slice(0, Math.max(slash, 0))
  const id = name.slice(slash + 1)
  const provider = providerNamed(choice.providers, prefix)
  if (!provider || id === '') throw missing(name, prefix, id, choice.providers)
  if (provider.hasLostKey) throw lostKey(provider)
  const price = priceOf(choice.prices, { name, kind: provider.kind, id })
  return { provider, id, cost: price ? (usage) => costOf(usage, price) : undefined }
}

/** The models of the server that the environment names are `local/…` too, unless the workspace has another of that name. */
function providerNamed(providers: readonly Provider[], prefix: string): Provider | undefined {
  return (
    providers.find((provider) => provider.name === prefix) ??
    (prefix === 'local'
      ? providers.find((provider) => provider.source === 'server' && provider.kind === 'compatible')
      : undefined)
  )
}

/** What to set for the providers that have a name from the beginning. */
const variables: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
  local: 'OPENAI_BASE_URL',
}

function missing(name: string, prefix: string, id: string, providers: readonly Provider[]): StepError {
  const variable = variables[prefix]
  if (variable && id !== '') {
    const what = prefix === 'local' ? 'an OpenAI-compatible server' : 'a key'
    return new StepError(
      'model_no_key',
      `${name} needs ${what}: add it in Settings, start Millrace with ${variable}, or choose the model offline.`,
    )
  }
  const known = [
    ...new Set([...providers.map((provider) => provider.name), ...providerKinds.slice(0, 3)]),
  ].join(', ')
  return new StepError(
    'model_unknown',
    `There is no model "${name}". Write provider/name with one of ${known}, or offline.`,
  )
}

function lostKey({ name }: Provider): StepError {
  return new StepError(
    'model_auth',
    `The key of ${name} cannot be opened: it was stored under another secret of the server. Store it again in Settings.`,
  )
}

/** What the environment tells, for every workspace. */
function toldBy(env: ModelEnv, fetch: Fetch | undefined): Provider[] {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY, GOOGLE_GENERATIVE_AI_API_KEY } = env
  const provider = (
    name: string,
    kind: Provider['kind'],
    key: string | null,
    baseUrl: string | null = null,
  ) => ({
    name,
    kind,
    baseUrl,
    key,
    hasLostKey: false,
    source: 'server' as const,
    fetch,
  })
  return [
    ...(OPENAI_BASE_URL
      ? [provider('openai', 'compatible', OPENAI_API_KEY ?? null, OPENAI_BASE_URL)]
      : OPENAI_API_KEY
        ? [provider('openai', 'openai', OPENAI_API_KEY)]
        : []),
    ...(ANTHROPIC_API_KEY ? [provider('anthropic', 'anthropic', ANTHROPIC_API_KEY)] : []),
    ...(GOOGLE_GENERATIVE_AI_API_KEY ? [provider('google', 'google', GOOGLE_GENERATIVE_AI_API_KEY)] : []),
  ]
}

async function readChoice(
  { db, secrets }: { db: Database; secrets: Secrets },
  workspaceId: string,
  told: readonly Provider[],
  fetch: Fetch | undefined,
): Promise<Choice> {
  const [rows, defaultModel, prices] = await Promise.all([
    listModelProviders(db, workspaceId),
    readDefaultModel(db, workspaceId),
    listModelPrices(db, workspaceId),
  ])
  const own = rows.map(({ name, kind, baseUrl, sealedKey }): Provider => {
    const key = sealedKey && secrets.open(sealPurpose(workspaceId, name, baseUrl), sealedKey)
    const hasLostKey = sealedKey !== null && key === null
    return { name, kind, baseUrl, key, hasLostKey, source: 'workspace', fetch }
  })
  const names = new Set(own.map((provider) => provider.name))
  return {
    providers: [...own, ...told.filter((provider) => !names.has(provider.name))],
    defaultModel,
    prices,
  }
}

/** The address is bound into the seal: a key is never sent elsewhere than where it was meant for. */
export function sealPurpose(workspaceId: string, name: string, baseUrl: string | null): string {
  return JSON.stringify(['model provider', workspaceId, name, baseUrl])
}
