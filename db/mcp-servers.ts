import { and, eq, sql } from 'drizzle-orm'
import type { Database } from './client'
import { mcpServer } from './schema/mcp'

export interface McpServerRow {
  name: string
  url: string
  /** Sealed. */
  headers: string | null
  headerNames: string[]
  updatedAt: Date
}

const columns = {
  name: mcpServer.name,
  url: mcpServer.url,
  headers: mcpServer.headers,
  headerNames: mcpServer.headerNames,
  updatedAt: mcpServer.updatedAt,
}

/** By name. */
export async function listMcpServers(db: Database, workspaceId: string): Promise<McpServerRow[]> {
  return db.drizzle
    .select(columns)
    .from(mcpServer)
    .where(eq(mcpServer.workspaceId, workspaceId))
    .orderBy(mcpServer.name)
}

export async function getMcpServer(
  db: Database,
  workspaceId: string,
  name: string,
): Promise<McpServerRow | null> {
  const [row] = await db.drizzle
    .select(columns)
    .from(mcpServer)
    .where(and(eq(mcpServer.workspaceId, workspaceId), eq(mcpServer.name, name)))
  return row ?? null
}

/** A new one, or other words for the one of that name. */
export async function setMcpServer(
  db: Database,
  workspaceId: string,
  { name, url, headers, headerNames }: Omit<McpServerRow, 'updatedAt'>,
  person: string | null,
): Promise<void> {
  const set = { url, headers, headerNames, updatedBy: person }
  await db.drizzle
    .insert(mcpServer)
    .values({ workspaceId, name, ...set })
    .onConflictDoUpdate({
      target: [mcpServer.workspaceId, mcpServer.name],
      set: { ...set, updatedAt: sql`now()` },
    })
}

/** Gives whether there was one. */
export async function deleteMcpServer(db: Database, workspaceId: string, name: string): Promise<boolean> {
  const gone = await db.drizzle
    .delete(mcpServer)
    .where(and(eq(mcpServer.workspaceId, workspaceId), eq(mcpServer.name, name)))
    .returning({ name: mcpServer.name })
  return gone.length > 0
}
