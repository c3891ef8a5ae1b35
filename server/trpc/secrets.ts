import { z } from 'zod'
import {
  readSecrets,
  removeSecret,
  secretNameSchema,
  secretValueSchema,
  storeSecret,
  type SecretView,
} from '../workspace-secrets'
import { adminProcedure, router, userProcedure } from './trpc'

export const secretsRouter = router({
  list: userProcedure.query(({ ctx }): Promise<SecretView[]> => readSecrets(ctx.app, ctx.caller)),

  store: adminProcedure
    .input(z.object({ name: secretNameSchema, value: secretValueSchema }))
    .mutation(({ ctx, input }): Promise<void> => storeSecret(ctx.app, ctx.caller, input)),

  remove: adminProcedure
    .input(z.object({ name: z.string().min(1).max(64) }))
    .mutation(({ ctx, input }): Promise<void> => removeSecret(ctx.app, ctx.caller, input.name)),
})
