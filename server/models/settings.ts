import { z } from 'zod'
import { addAuditEntry } from '@/db/audit'
import { NotFoundError } from '@/db/errors'
import {
  deleteModelPrice,
  deleteModelProvider,
  listModelPrices,
  listModelProviders,
  readDefaultModel,
  setDefaultModel,
  setModelPrice,
  setModelProvider,
} from '@/db/models'
import { StepError } from '@/flow/kind'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import { RequestError } from '../request-error'
import { sealPurpose } from './models'
import { contextOf, priceOf, shippedPrices, type OwnPrice, type Price } from './prices'
import { firstModels, providerKinds, type Provider, type ProviderKind } from './provider'

export const providerNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'A name is small letters, digits, - and _, such as ollama.')
  .refine((name) => name !== 'offline', 'offline is the name of the model of rules; choose another.')

const addressSchema = z
  .url({ protocol: /^https?$/, error: 'Write the address as https://host/v1.' })
  .max(2_000)
  .refine(
    (url) => !URL.canParse(url) || !new URL(url).username,
    'Write the key in its own field, not into the address.',
  )
  .transform((url) => url.replace(/\/+$/, ''))

export const providerSchema = z.strictObject({
  kind: z.enum(providerKinds),
  /** Absent: where the company has it. */
  baseUrl: addressSchema.nullish(),
  /** Absent: the one that is stored. */
  key: z.string().trim().min(1, 'The key is empty.').max(4_000).nullish(),
})

const modelNameSchema = z
  .string()
  .max(300)
  .regex(/^(offline|[^/\s]+\/\S+)$/, 'Write a model as provider/name, or offline.')

export const defaultModelSchema = z.strictObject({ model: modelNameSchema.nullable() })

const dollarsSchema = z
  .number()
  .min(0, 'A price is not below 0.')
  .max(1_000_000, 'That is more than a dollar for each token.')
export const priceSchema = z.strictObject({
  model: z
    .string()
    .max(300)
    .regex(/^\S+\/\S+$/, 'Write provider/name; a last * stands for all that begin so.'),
  input: dollarsSchema,
  output: dollarsSchema,
  /** Tokens that it holds at most; absent: as it was shipped, if it was. */
  context: z
    .int('A number of tokens is whole.')
    .min(1, 'It holds at least one token.')
    .max(1_000_000_000)
    .nullish()
    .transform((tokens) => tokens ?? null),
})

/** A provider as people see it; the key never leaves the server. */
export interface ProviderView {
  name: string
  kind: ProviderKind
  baseUrl: string | null
  hasKey: boolean
  /** It was stored under another secret of the server, and must be stored again. */
  hasLostKey: boolean
  /** `server`: told by the environment, the same for all workspaces. */
  source: Provider['source']
}

export async function readProviders({ services }: App, { workspaceId }: Caller): Promise<ProviderView[]> {
  const providers = await services.models.providers(workspaceId)
  return providers.map(({ name, kind, baseUrl, key, hasLostKey, source }) => ({
    name,
    kind,
    baseUrl,
    hasKey: key !== null,
    hasLostKey,
    source,
  }))
}

/** Throws RequestError 422 when what the kind needs is missing. */
export async function storeProvider(
  { db, secrets, services }: App,
  { workspaceId, user }: Caller,
  name: string,
  { kind, baseUrl = null, key }: z.output<typeof providerSchema>,
): Promise<void> {
  if (kind === 'compatible' && baseUrl === null) {
    throw new RequestError(
      422,
      'address_needed',
      'Say where the server answers, such as https://models.example.com/v1.',
    )
  }
  const before = (await listModelProviders(db, workspaceId)).find((provider) => provider.name === name)
  const isElsewhere = before !== undefined && (before.baseUrl !== baseUrl || before.kind !== kind)
  if (!key && before?.sealedKey && isElsewhere) {
    throw new RequestError(
      422,
      'key_needed',
      'Write the key again: the stored one is only ever sent where it was stored for.',
    )
  }
  if (!key && !before?.sealedKey && kind !== 'compatible') {
    throw new RequestError(422, 'key_needed', 'This provider answers to nobody without a key.')
  }
  const sealedKey = key
    ? secrets.seal(sealPurpose(workspaceId, name, baseUrl), key)
    : (before?.sealedKey ?? null)
  await setModelProvider(db, workspaceId, { name, kind, baseUrl, sealedKey }, user.id)
  services.models.forget(workspaceId)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'model_provider.stored', subject: name })
}

/** Throws NotFoundError. */
export async function removeProvider(
  { db, services }: App,
  { workspaceId, user }: Caller,
  name: string,
): Promise<void> {
  if (!(await deleteModelProvider(db, workspaceId, name))) {
    throw new NotFoundError(`The workspace has no provider ${name} of its own.`)
  }
  // Steps that name no model would fail, too.
  const chosen = await readDefaultModel(db, workspaceId)
  if (chosen?.startsWith(`${name}/`)) await setDefaultModel(db, workspaceId, null, user.id)
  services.models.forget(workspaceId)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'model_provider.removed', subject: name })
}

/** What a provider said when it was tried. */
export type Trial =
  { ok: true; model: string; answer: string; tookMs: number } | { ok: false; code: string; message: string }

const trialMs = 30_000

/** Asks the provider for one short answer. Throws NotFoundError. */
export async function tryProvider({ services }: App, { workspaceId }: Caller, name: string): Promise<Trial> {
  const { models } = services
  const provider = (await models.providers(workspaceId)).find((each) => each.name === name)
  if (!provider) throw new NotFoundError(`There is no provider ${name}.`)
  try {
    const model = await models.find(
      workspaceId,
      `${name}/${await firstModelOf(services.models, workspaceId, provider)}`,
    )
    const begunAt = performance.now()
    const { text } = await model.generate({
      system: 'Answer with the one word: ready',
      prompt: 'Are you there?',
      signal: AbortSignal.timeout(trialMs),
    })
    const tookMs = Math.round(performance.now() - begunAt)
    return { ok: true, model: model.name, answer: text.trim().slice(0, 200), tookMs }
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    return { ok: false, code: error.code, message: error.message }
  }
}

async function firstModelOf(
  models: App['services']['models'],
  workspaceId: string,
  provider: Provider,
): Promise<string> {
  const usual = provider.kind === 'compatible' ? undefined : firstModels[provider.kind]
  const ids = await models.list(workspaceId, provider)
  const id = usual !== undefined && ids.includes(usual) ? usual : ids[0]
  if (id !== undefined) return id
  throw new StepError('model_unknown', `${provider.name} offers no model. Load one there first.`)
}

interface ModelView {
  name: string
  /** Null when nobody knows it. */
  price: Price | null
  /** Tokens that it holds at most; null when nobody knows. */
  context: number | null
}

export interface ModelsView {
  /** The workspace's choice; null: the first that is there. */
  chosen: string | null
  /** What that comes to; null while no provider answers. */
  default: string | null
  models: ModelView[]
  /** Providers that did not tell what they offer. */
  problems: { provider: string; message: string }[]
}

/** All models that a step may name, the offline one first. */
export async function readModels({ db, services }: App, { workspaceId }: Caller): Promise<ModelsView> {
  const { models } = services
  const [providers, prices, chosen, meant] = await Promise.all([
    models.providers(workspaceId),
    listModelPrices(db, workspaceId),
    readDefaultModel(db, workspaceId),
    models.defaultName(workspaceId).catch(() => null),
  ])
  const problems: ModelsView['problems'] = []
  const offered = await Promise.all(
    providers.map(async (provider): Promise<ModelView[]> => {
      const ids = await models.list(workspaceId, provider).catch((error: unknown) => {
        if (!(error instanceof StepError)) throw error
        problems.push({ provider: provider.name, message: error.message })
        return knownOf(provider.kind)
      })
      return ids.map((id) => {
        const name = `${provider.name}/${id}`
        const model = { name, kind: provider.kind, id }
        return { name, price: priceOf(prices, model), context: contextOf(prices, model) }
      })
    }),
  )
  const offline = { name: 'offline', price: { input: 0, output: 0 }, context: null }
  return { chosen, default: meant, models: [offline, ...offered.flat()], problems }
}

/** Those with a shipped price: better than none while the provider is away. */
function knownOf(kind: ProviderKind): string[] {
  return Object.keys(shippedPrices).flatMap((name) =>
    name.startsWith(`${kind}/`) && !/embedding/.test(name) ? [name.slice(kind.length + 1)] : [],
  )
}

export async function chooseDefaultModel(
  { db, services }: App,
  { workspaceId, user }: Caller,
  model: string | null,
): Promise<void> {
  // Throws when nothing of that name can be reached from here.
  if (model !== null) await findOr422(services.models, workspaceId, model)
  await setDefaultModel(db, workspaceId, model, user.id)
  services.models.forget(workspaceId)
  await addAuditEntry(db, workspaceId, {
    person: user.id,
    action: 'model_default.chosen',
    subject: model ?? 'automatic',
  })
}

async function findOr422(
  models: App['services']['models'],
  workspaceId: string,
  name: string,
): Promise<void> {
  try {
    await models.find(workspaceId, name)
  } catch (error) {
    if (error instanceof StepError) throw new RequestError(422, error.code, error.message)
    throw error
  }
}

export interface PriceView extends OwnPrice {
  /** Shipped ones hold until the workspace says otherwise. */
  source: 'workspace' | 'shipped'
}

/** The workspace's own first, then those that it leaves as they were shipped. */
export async function readPrices({ db }: App, { workspaceId }: Caller): Promise<PriceView[]> {
  const own = await listModelPrices(db, workspaceId)
  const named = new Set(own.map((price) => price.model))
  return [
    ...own.map((price) => ({ ...price, source: 'workspace' as const })),
    ...Object.entries(shippedPrices).flatMap(([model, price]) =>
      named.has(model) ? [] : [{ model, ...price, source: 'shipped' as const }],
    ),
  ]
}

export async function storePrice(
  { db, services }: App,
  { workspaceId, user }: Caller,
  price: OwnPrice,
): Promise<void> {
  await setModelPrice(db, workspaceId, price, user.id)
  services.models.forget(workspaceId)
  const { model: subject, input, output, context = null } = price
  await addAuditEntry(db, workspaceId, {
    person: user.id,
    action: 'model_price.stored',
    subject,
    details: { input, output, context },
  })
}

/** Back to the shipped price, if there is one. Throws NotFoundError. */
export async function removePrice(
  { db, services }: App,
  { workspaceId, user }: Caller,
  model: string,
): Promise<void> {
  if (!(await deleteModelPrice(db, workspaceId, model))) {
    throw new NotFoundError(`The workspace has no price of its own for ${model}.`)
  }
  services.models.forget(workspaceId)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'model_price.removed', subject: model })
}
