import { assistantsRouter } from './assistants'
import { flowsRouter } from './flows'
import { hooksRouter } from './hooks'
import { knowledgeRouter } from './knowledge'
import { mcpServersRouter } from './mcp-servers'
import { runsRouter } from './runs'
import { schedulesRouter } from './schedules'
import { secretsRouter } from './secrets'
import { sessionRouter } from './session'
import { sharesRouter } from './shares'
import { templatesRouter } from './templates'
import { router } from './trpc'

/** What the interface calls; one router a noun. */
export const appRouter = router({
  session: sessionRouter,
  assistants: assistantsRouter,
  flows: flowsRouter,
  hooks: hooksRouter,
  knowledge: knowledgeRouter,
  mcpServers: mcpServersRouter,
  runs: runsRouter,
  schedules: schedulesRouter,
  secrets: secretsRouter,
  shares: sharesRouter,
  templates: templatesRouter,
})

export type AppRouter = typeof appRouter
