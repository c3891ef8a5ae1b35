import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './db/schema/answer-links.ts',
    './db/schema/assistants.ts',
    './db/schema/auth.ts',
    './db/schema/conversations.ts',
    './db/schema/embeddings.ts',
    './db/schema/flows.ts',
    './db/schema/models.ts',
    './db/schema/runs.ts',
    './db/schema/knowledge.ts',
    './db/schema/mcp.ts',
  ],
  out: './db/migrations',
})
