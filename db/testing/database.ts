import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase, type Database } from '../client'
import { organization, user } from '../schema/auth'

export interface TestDatabase {
  db: Database
  url: string
  /** A workspace and a person of its own are there already. */
  workspaceId: string
  personId: string
  drop(): Promise<void>
}

/** A migrated database of its own, cloned from the template in some 50 ms. Drop it in `afterAll`. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `${inject('databasePrefix')}${randomBytes(6).toString('hex')}`
  const adminUrl = inject('postgresUrl')
  const cloneUrl = new URL(adminUrl)
  cloneUrl.pathname = `/${name}`
  const url = cloneUrl.toString()
  await asAdmin(adminUrl, `create database ${name} template ${inject('templateDatabase')}`)
  const db = openDatabase(url)
  const workspaceId = 'workspace_of_tests'
  const personId = 'person_of_tests'
  await db.drizzle.insert(organization).values({ id: workspaceId, name: 'Tests', slug: 'tests' })
  await db.drizzle.insert(user).values({ id: personId, name: 'Tess', email: 'tess@example.com' })
  return {
    db,
    url,
    workspaceId,
    personId,
    async drop() {
      await db.pool.end()
      await asAdmin(adminUrl, `drop database if exists ${name} with (force)`)
    },
  }
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
