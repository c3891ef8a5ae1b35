import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'
import { openDatabase } from './client'
import { makeEventPartitions } from './events'
import { lockClass } from './locks'

/** Brings the database to this version's schema, the job queue's included. Processes that start together take turns. */
export async function migrateDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'millrace migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1, 0)', [lockClass.migrate])
    // drizzle and graphile-worker announce what exists already.
    await client.query("set client_min_messages = 'warning'")
    await migrate(drizzle(client), { migrationsFolder: migrationsFolder() })
    const { pool } = openDatabase(url, { size: 2 })
    try {
      await runMigrations({ pgPool: pool })
      await makeEventPartitions(pool)
    } finally {
      await pool.end()
    }
  } finally {
    await client.end()
  }
}

/** Beside this file, or in db/migrations above it when the server runs from a bundle. */
function migrationsFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url))
  for (let folder = start; ; folder = dirname(folder)) {
    for (const candidate of [join(folder, 'migrations'), join(folder, 'db', 'migrations')]) {
      if (existsSync(join(candidate, 'meta', '_journal.json'))) return candidate
    }
    if (dirname(folder) === folder) throw new Error(`No migrations found above ${start}.`)
  }
}
