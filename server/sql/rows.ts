import type pg from 'pg'
import Cursor from 'pg-cursor'
import type { Json, JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { runLimits } from '@/flow/run/event'
import type { SqlAnswer, SqlQuery } from '@/nodes/step'
import { copyRefusal } from './failure'
import { readerOf } from './values'

/** Rows of the first fetch; how large they are says how many the next ones may ask for. */
const firstRows = 64

/** A cursor that refuses COPY, for which a step has neither a source nor a place; the driver would lose its way. */
class StatementCursor extends Cursor<JsonObject> {
  handleCopyInResponse(connection: pg.Connection & { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail(copyRefusal)
  }
  handleCopyData(): void {
    // What COPY gives out has no place to go.
  }
}

/**
 * Runs a statement and fetches its rows as JSON through a cursor, no more than `maxRows` and one. Throws what the driver
 * throws, and StepError `value_too_large`.
 */
export async function readRows(client: pg.ClientBase, query: SqlQuery): Promise<SqlAnswer> {
  let bytes = 0
  const counting = (type: number) => {
    const read = readerOf(type)
    return (text: string): Json => {
      bytes += text.length
      return read(text)
    }
  }
  const cursor = client.query(
    new StatementCursor(query.sql, query.params, { types: { getTypeParser: counting } }),
  )
  const rows: JsonObject[] = []
  let changed = 0
  for (let wanted = firstRows; ;) {
    const left = query.maxRows + 1 - rows.length
    const asked = Math.min(left, wanted)
    const fetched = await fetch(cursor, asked)
    rows.push(...fetched.rows)
    changed = fetched.rowCount
    if (bytes > runLimits.valueBytes) {
      await cursor.close()
      throw tooLarge()
    }
    if (fetched.rows.length < asked || rows.length > query.maxRows) break
    const meanBytes = Math.max(1, bytes / rows.length)
    wanted = Math.max(1, Math.floor((runLimits.valueBytes - bytes) / meanBytes))
  }
  await cursor.close()
  const isCapped = rows.length > query.maxRows
  if (isCapped) rows.pop()
  return { rows, rowCount: rows.length > 0 ? rows.length : changed, isCapped }
}

function fetch(cursor: StatementCursor, count: number): Promise<{ rows: JsonObject[]; rowCount: number }> {
  return new Promise((resolve, reject) => {
    cursor.read(count, (error, rows, result) => {
      // The driver gives null for no error, and leaves the result out for a cursor that is done.
      if (error) reject(error)
      else resolve({ rows, rowCount: result?.rowCount ?? 0 })
    })
  })
}

function tooLarge(): StepError {
  return new StepError(
    'value_too_large',
    'The rows are larger than 16 MiB. Select fewer columns or rows, or lower “Most rows”.',
    { retryable: false },
  )
}
