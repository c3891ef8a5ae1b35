import { getRunValues } from '@/db/run-values'
import { ExpressionError } from '@/flow/expression/error'
import { parseExpression } from '@/flow/expression/parse'
import type { Json, JsonObject } from '@/flow/json'
import type { RunError } from '@/flow/run/event'
import { isTrue } from '@/nodes/truth'
import type { App } from '../app'
import { RequestError } from '../request-error'
import { listRunRows, type RunPage } from './read'

/** Values of runs can be large, so few are in memory at a time. */
const rowsAtOnce = 20
/** How many runs one request looks at; the cursor goes on behind them. */
const lookedAtMost = 1_000

type Filter = Parameters<typeof listRunRows>[2]

/**
 * Runs for which an expression over `input`, `output`, `status`, `error`, `number`, `version`, `cause` and `flow` is true,
 * newest first. A page may hold fewer than `limit`, or none, and still have a cursor: the search goes on there. A run
 * that lacks what the expression reads is none of them. Throws RequestError `where_invalid`.
 */
export async function listRunsWhere(
  { db, runtime }: Pick<App, 'db' | 'runtime'>,
  workspaceId: string,
  filter: Filter,
  where: string,
): Promise<RunPage> {
  checkSyntax(where)
  const items: RunPage['items'] = []
  let before = filter.before
  for (let looked = 0; looked < lookedAtMost; looked += rowsAtOnce) {
    const page = await listRunRows(db, workspaceId, { ...filter, before, limit: rowsAtOnce })
    const values = await getRunValues(
      db,
      workspaceId,
      page.items.map(({ id }) => id),
    )
    for (const run of page.items) {
      const { id, flow, number, version, status, cause, error } = run
      const { input = null, output = null } = values.get(id) ?? {}
      const root: JsonObject = {
        id,
        flow,
        number,
        version,
        status,
        cause,
        error: errorOf(error),
        input,
        output,
      }
      before = id
      if (!(await holds(where, root))) continue
      items.push(run)
      const isLast = page.cursor === null && run === page.items.at(-1)
      if (items.length === filter.limit) return { items, cursor: isLast ? null : id }
    }
    if (page.cursor === null) return { items, cursor: null }
  }
  return { items, cursor: before ?? null }

  async function holds(source: string, root: JsonObject): Promise<boolean> {
    try {
      return isTrue(await runtime.evaluate(source, root, { allowMissing: true }))
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      if (error.code === 'expression_limit') throw invalid(error)
      // What does not fit this run's values, such as a sum of texts, does not hold for it.
      return false
    }
  }
}

function errorOf(error: RunError | null): Json {
  return error && { code: error.code, message: error.message, step: error.step ?? null }
}

function checkSyntax(where: string): void {
  const parsed = parseExpression(where)
  if (!parsed.ok) throw invalid(parsed.problem)
}

function invalid(cause: { message: string }): RequestError {
  return new RequestError(422, 'where_invalid', `The filter where cannot be used: ${cause.message}`, {
    cause,
  })
}
