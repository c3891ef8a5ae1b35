import { z } from 'zod'
import type { McpTool } from '@/nodes/step'
import {
  mcpServerNameSchema,
  mcpServerSchema,
  readMcpServers,
  readMcpTools,
  removeMcpServer,
  storeMcpServer,
  type McpServerView,
} from '../mcp/servers'
import { adminProcedure, router, userProcedure } from './trpc'

const byName = z.object({ name: z.string().min(1).max(64) })

export const mcpServersRouter = router({
  list: userProcedure.query(({ ctx }): Promise<McpServerView[]> => readMcpServers(ctx.app, ctx.caller)),

  store: adminProcedure
    .input(mcpServerSchema.extend({ name: mcpServerNameSchema }))
    .mutation(({ ctx, input: { name, ...server } }): Promise<void> =>
      storeMcpServer(ctx.app, ctx.caller, name, server),
    ),

  remove: adminProcedure
    .input(byName)
    .mutation(({ ctx, input }): Promise<void> => removeMcpServer(ctx.app, ctx.caller, input.name)),

  /** Asks the server what it offers; a failure says what to do. */
  tools: userProcedure
    .input(byName)
    .query(({ ctx, input }): Promise<McpTool[]> => readMcpTools(ctx.app, ctx.caller, input.name)),
})
