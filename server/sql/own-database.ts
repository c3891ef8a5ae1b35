import pg from 'pg'

interface Asking {
  query<R extends pg.QueryResultRow>(text: string): Promise<pg.QueryResult<R>>
}

/** When the server was started, to the microsecond, and the database's number in it: the same by whatever name it is reached. */
const identity = `
  select extract(epoch from pg_postmaster_start_time()) || '/' || oid as id
  from pg_database where datname = current_database()`

/**
 * Which database this is, or null when it has no identity of that form because it only speaks PostgreSQL's protocol,
 * and so cannot be the one that Millrace runs on.
 */
export async function databaseIdentity(database: Asking): Promise<string | null> {
  try {
    const result = await database.query<{ id: string }>(identity)
    return result.rows[0]?.id ?? null
  } catch (error) {
    if (error instanceof pg.DatabaseError && /^42/.test(error.code ?? '')) return null
    throw error
  }
}
