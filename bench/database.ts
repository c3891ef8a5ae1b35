import { randomBytes } from 'node:crypto'
import path from 'node:path'
import pg from 'pg'
import { openDatabase, type Database } from '@/db/client'
import { findOrStartPostgres } from '@/db/embedded'
import { migrateDatabase } from '@/db/migrate'
import { organization } from '@/db/schema/auth'
import { rootFolder } from '@/server/root'

export interface BenchDatabase {
  db: Database
  url: string
  workspaceId: string
  drop(): Promise<void>
}

/** An empty database on a Postgres that flushes to the disk as in earnest. */
export async function benchDatabase(): Promise<BenchDatabase> {
  const dataDir = path.join(rootFolder, '.millrace', 'bench')
  const given = process.env.BENCH_DATABASE_URL
  const server = given ? { url: given, stop: async () => {} } : await findOrStartPostgres({ dataDir })
  const name = `millrace_bench_${randomBytes(6).toString('hex')}`
  await asAdmin(server.url, `create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  await migrateDatabase(url.toString())
  const db = openDatabase(url.toString())
  const workspaceId = 'workspace_of_benchmarks'
  await db.drizzle.insert(organization).values({ id: workspaceId, name: 'Benchmarks', slug: 'benchmarks' })
  return {
    db,
    url: url.toString(),
    workspaceId,
    async drop() {
      await db.pool.end()
      await asAdmin(server.url, `drop database if exists ${name} with (force)`)
      await server.stop()
    },
  }
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}
