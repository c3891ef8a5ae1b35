import { asksRouter } from './asks'
import { assistantsRouter } from './assistants'
import { flowsRouter } from './flows'
import { hooksRouter } from './hooks'
import { knowledgeRouter } from './knowledge'
import { mcpServersRouter } from './mcp-servers'
import { modelsRouter } from './models'
import { runsRouter } from './runs'
import { schedulesRouter } from './schedules'
import { secretsRouter } from './secrets'
import { sessionRouter } from './session'
import { sharesRouter } from './shares'
import { templatesRouter } from './templates'
import { router } from './trpc'
import { usageRouter } from './usage'
import { variablesRouter } from './variables'

/** What the interface calls; one router a noun. */
export const appRouter = router({
  session: sessionRouter,
  asks: asksRouter,
  assistants: assistantsRouter,
  flows: flowsRouter,
  hooks: hooksRouter,
  knowledge: knowledgeRouter,
  mcpServers: mcpServersRouter,
  models: modelsRouter,
  runs: runsRouter,
  schedules: schedulesRouter,
  secrets: secretsRouter,
  shares: sharesRouter,
  templates: templatesRouter,
  usage: usageRouter,
  variables: variablesRouter,
})

export type AppRouter = typeof appRouter
