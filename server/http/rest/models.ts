import { z } from 'zod'
import {
  chooseDefaultModel,
  defaultModelSchema,
  priceSchema,
  providerNameSchema,
  providerSchema,
  readModels,
  readPrices,
  readProviders,
  removePrice,
  removeProvider,
  storePrice,
  storeProvider,
  tryProvider,
} from '../../models/settings'
import { readUsage, usageQuerySchema } from '../../models/usage'
import { route } from '../route'

const stored = () => new Response(null, { status: 204 })

export const modelRoutes = [
  route({
    method: 'GET',
    path: '/models',
    summary:
      'The models that steps may name, with their prices in US dollars for a million tokens, and how many tokens they hold.',
    role: 'guest',
    answers: {
      200: '`{chosen, default, models: [{name, price, context}], problems: [{provider, message}]}`',
    },
    handle: async ({ app, caller }) => Response.json(await readModels(app, caller)),
  }),

  route({
    method: 'PUT',
    path: '/models/default',
    summary: 'Chooses the model of steps that name none; null: the first that is there.',
    role: 'admin',
    body: defaultModelSchema,
    answers: { 204: 'Chosen.', 422: 'There is no such model, or its provider has no key.' },
    async handle({ app, caller, body }) {
      await chooseDefaultModel(app, caller, body.model)
      return stored()
    },
  }),

  route({
    method: 'GET',
    path: '/models/providers',
    summary: 'Who offers models to the workspace. Keys are never given out.',
    role: 'user',
    answers: { 200: '`{items: [{name, kind, baseUrl, hasKey, hasLostKey, source}], cursor: null}`' },
    handle: async ({ app, caller }) =>
      Response.json({ items: await readProviders(app, caller), cursor: null }),
  }),

  route({
    method: 'PUT',
    path: '/models/providers/:name',
    summary:
      'Adds a provider, or changes it. Its models are `name/…`. The key is sealed, and only sent to the address it was stored with.',
    role: 'admin',
    body: providerSchema,
    answers: { 204: 'Stored.', 422: 'The address or the key is missing.' },
    async handle({ app, caller, params, body }) {
      await storeProvider(app, caller, providerNameSchema.parse(params.name), body)
      return stored()
    },
  }),

  route({
    method: 'DELETE',
    path: '/models/providers/:name',
    summary: 'Removes a provider and its key. Steps that name its models fail from then on.',
    role: 'admin',
    answers: { 204: 'Done.' },
    async handle({ app, caller, params }) {
      await removeProvider(app, caller, params.name ?? '')
      return stored()
    },
  }),

  route({
    method: 'POST',
    path: '/models/providers/:name/test',
    summary: 'Asks a provider for one short answer, and says what came of it.',
    role: 'admin',
    answers: { 200: '`{ok: true, model, answer, tookMs}` or `{ok: false, code, message}`' },
    handle: async ({ app, caller, params }) =>
      Response.json(await tryProvider(app, caller, params.name ?? '')),
  }),

  route({
    method: 'GET',
    path: '/models/prices',
    summary: 'The price table: the workspace’s own prices, and the shipped ones where it has none.',
    role: 'user',
    answers: { 200: '`{items: [{model, input, output, context, source}], cursor: null}`' },
    handle: async ({ app, caller }) => Response.json({ items: await readPrices(app, caller), cursor: null }),
  }),

  route({
    method: 'PUT',
    path: '/models/prices',
    summary:
      'Sets the price of a model for calls from now on, in US dollars for a million tokens. A last `*` stands for all names that begin so.',
    role: 'admin',
    body: priceSchema,
    answers: { 204: 'Stored.' },
    async handle({ app, caller, body }) {
      await storePrice(app, caller, body)
      return stored()
    },
  }),

  route({
    method: 'DELETE',
    path: '/models/prices',
    summary: 'Goes back to the shipped price of a model.',
    role: 'admin',
    query: z.object({ model: z.string().max(300) }),
    answers: { 204: 'Done.' },
    async handle({ app, caller, query }) {
      await removePrice(app, caller, query.model)
      return stored()
    },
  }),

  route({
    method: 'GET',
    path: '/usage',
    summary: 'Tokens and cost of the workspace’s calls of models, by day, model, flow, step or run.',
    role: 'user',
    query: usageQuerySchema,
    answers: {
      200: '`{from, to, by, total, items: [{key, calls, inputTokens, outputTokens, cost, unpriced}]}`',
    },
    handle: async ({ app, caller, query }) => Response.json(await readUsage(app, caller, query)),
  }),
]
