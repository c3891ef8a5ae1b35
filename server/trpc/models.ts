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
  type ModelsView,
  type PriceView,
  type ProviderView,
  type Trial,
} from '../models/settings'
import { adminProcedure, guestProcedure, router, userProcedure } from './trpc'

const byName = z.object({ name: z.string().min(1).max(64) })

export const modelsRouter = router({
  list: guestProcedure.query(({ ctx }): Promise<ModelsView> => readModels(ctx.app, ctx.caller)),

  chooseDefault: adminProcedure
    .input(defaultModelSchema)
    .mutation(({ ctx, input }): Promise<void> => chooseDefaultModel(ctx.app, ctx.caller, input.model)),

  providers: userProcedure.query(({ ctx }): Promise<ProviderView[]> => readProviders(ctx.app, ctx.caller)),

  storeProvider: adminProcedure
    .input(providerSchema.extend({ name: providerNameSchema }))
    .mutation(({ ctx, input: { name, ...provider } }): Promise<void> =>
      storeProvider(ctx.app, ctx.caller, name, provider),
    ),

  removeProvider: adminProcedure
    .input(byName)
    .mutation(({ ctx, input }): Promise<void> => removeProvider(ctx.app, ctx.caller, input.name)),

  /** A call of a model, so that whoever may pay for it does. */
  tryProvider: adminProcedure
    .input(byName)
    .mutation(({ ctx, input }): Promise<Trial> => tryProvider(ctx.app, ctx.caller, input.name)),

  prices: userProcedure.query(({ ctx }): Promise<PriceView[]> => readPrices(ctx.app, ctx.caller)),

  storePrice: adminProcedure
    .input(priceSchema)
    .mutation(({ ctx, input }): Promise<void> => storePrice(ctx.app, ctx.caller, input)),

  removePrice: adminProcedure
    .input(z.object({ model: z.string().max(300) }))
    .mutation(({ ctx, input }): Promise<void> => removePrice(ctx.app, ctx.caller, input.model)),
})
