import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { openDatabase, type Database } from '@/db/client'
import { migrateDatabase } from '@/db/migrate'

/**
 * A migrated PostgreSQL with pgvector, which the built-in one has not: the real ones, compiled to WebAssembly. It knows one
 * session, which all connections would share with its locks and prepared statements: there is one connection.
 */
export async function startPgvector(): Promise<{ db: Database; stop(): Promise<void> }> {
  const postgres = await PGlite.create({ extensions: { vector } })
  const server = new PGLiteSocketServer({ db: postgres, host: '127.0.0.1', port: 0, maxConnections: 5 })
  await server.start()
  const url = `postgres://postgres:none@${server.getServerConn()}/postgres`
  await migrateDatabase(url)
  const db = openDatabase(url, { size: 1 })
  return {
    db,
    async stop() {
      await db.pool.end()
      await server.stop()
      await postgres.close()
    },
  }
}
