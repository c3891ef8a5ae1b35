import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { findOrStartPostgres } from '../embedded'
import { sha256 } from '../hash'
import { lockClass } from '../locks'
import { migrateDatabase } from '../migrate'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a database in which others can be made. */
    postgresUrl: string
    /** Name of the migrated database that each test file clones. */
    templateDatabase: string
    /** Begins the names of this run's databases. */
    databasePrefix: string
  }
}

/** One Postgres for all test files, and one migrated template; the template is kept until the migrations change. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const dataDir = fileURLToPath(new URL('../../.millrace/test', import.meta.url))
  const server = given
    ? { url: given, stop: async () => {} }
    : await findOrStartPostgres({ dataDir, durable: false })
  const template = `millrace_template_${migrationsHash()}`
  const prefix = `millrace_test_${randomBytes(4).toString('hex')}_`
  await makeTemplate(server.url, template)
  project.provide('postgresUrl', server.url)
  project.provide('templateDatabase', template)
  project.provide('databasePrefix', prefix)
  return async () => {
    await dropDatabases(server.url, prefix)
    await server.stop()
  }
}

function migrationsHash(): string {
  const folder = fileURLToPath(new URL('../migrations', import.meta.url))
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
  return sha256(texts.join('\n')).slice(0, 12)
}

async function makeTemplate(url: string, template: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1, 1)', [lockClass.migrate])
    const known = await client.query('select 1 from pg_database where datname = $1', [template])
    if (known.rowCount) return
    // Under another name until it is whole: an interrupted migration must not become the template.
    const draft = `${template}_draft`
    await client.query(`drop database if exists ${draft} with (force)`)
    await client.query(`create database ${draft}`)
    await migrateDatabase(withDatabase(url, draft))
    await client.query(`alter database ${draft} rename to ${template}`)
  } finally {
    await client.end()
  }
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const left = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [prefix],
    )
    for (const { datname } of left.rows) await client.query(`drop database if exists ${datname} with (force)`)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.toString()
}
