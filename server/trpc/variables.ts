import { z } from 'zod'
import {
  readVariables,
  removeVariable,
  storeVariable,
  variableNameSchema,
  variableValueSchema,
  type VariableView,
} from '../workspace-variables'
import { adminProcedure, router, userProcedure } from './trpc'

export const variablesRouter = router({
  list: userProcedure.query(({ ctx }): Promise<VariableView[]> => readVariables(ctx.app, ctx.caller)),

  store: adminProcedure
    .input(z.object({ name: variableNameSchema, value: variableValueSchema }))
    .mutation(({ ctx, input }): Promise<void> => storeVariable(ctx.app, ctx.caller, input)),

  remove: adminProcedure
    .input(z.object({ name: z.string().min(1).max(64) }))
    .mutation(({ ctx, input }): Promise<void> => removeVariable(ctx.app, ctx.caller, input.name)),
})
