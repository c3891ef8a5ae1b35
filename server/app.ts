import type { Database } from '@/db/client'
import type { Bridges } from './assistants/bridge/bridges'
import type { Auth } from './auth/auth'
import type { Authenticator } from './auth/authenticate'
import type { Conversations } from './conversations/conversations'
import type { Env } from './env'
import type { Embeddings } from './knowledge/embedder'
import type { Logger } from './log'
import type { Runtime } from './runtime/runtime'
import type { Secrets } from './secrets'
import type { ServicesSource } from './services'

/** What every request handler is given: the parts of one running process. */
export interface App {
  env: Env
  log: Logger
  db: Database
  auth: Auth
  authenticator: Authenticator
  secrets: Secrets
  runtime: Runtime
  conversations: Conversations
  /** Of the passages of documents. */
  embeddings: Embeddings
  /** To realtime sessions of assistants. */
  bridges: Bridges
  /** What steps are lent, for trying it out before a flow does. */
  services: ServicesSource
  /** Of the application, as package.json says. */
  version: string
}
