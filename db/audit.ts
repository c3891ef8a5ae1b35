import type { Json } from '@/flow/json'
import type { Database } from './client'
import { auditEntry } from './schema/flows'
import { uuidAt } from './uuid'

/** Writes down who did what to what: `action` is a verb on a noun, such as `flow.published`. */
export async function addAuditEntry(
  db: Database,
  workspaceId: string,
  entry: { person: string | null; action: string; subject: string; details?: Json },
): Promise<void> {
  await db.drizzle.insert(auditEntry).values({ id: uuidAt(Date.now()), workspaceId, ...entry })
}
