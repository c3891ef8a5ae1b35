import type { Route } from '../route'
import { askRoutes } from './asks'
import { assistantRoutes } from './assistants'
import { authRoutes } from './auth'
import { bridgeRoutes } from './bridges'
import { chatRoutes } from './chat'
import { chatPageRoutes } from './chat-pages'
import { eventRoutes } from './events'
import { flowRoutes } from './flows'
import { hookRoutes } from './hooks'
import { knowledgeRoutes } from './knowledge'
import { mcpServerRoutes } from './mcp-servers'
import { modelRoutes } from './models'
import { runRoutes } from './runs'
import { scheduleRoutes } from './schedules'
import { secretRoutes } from './secrets'
import { variableRoutes } from './variables'

/** The REST API, in the order of its reference. */
export const routes: readonly Route[] = [
  ...authRoutes,
  ...flowRoutes,
  ...scheduleRoutes,
  ...hookRoutes,
  ...runRoutes,
  ...askRoutes,
  ...eventRoutes,
  ...chatRoutes,
  ...chatPageRoutes,
  ...assistantRoutes,
  ...bridgeRoutes,
  ...modelRoutes,
  ...knowledgeRoutes,
  ...secretRoutes,
  ...variableRoutes,
  ...mcpServerRoutes,
]
