import { z } from 'zod'
import type { Json } from '@/flow/json'
import type { LentServices } from '../step'

const columnsAtMost = 2_000

/** Written as SQL wants them: quoted where they must be, with their schema when it is not `public`. */
const tableSchema = z.object({
  name: z.string(),
  about: z.string().nullable(),
  keys: z.string().nullable(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), about: z.string().nullable() })),
})
export const tablesSchema = z.array(tableSchema)
export type Table = z.output<typeof tableSchema>

const question = `
  select
    case n.nspname when 'public' then '' else quote_ident(n.nspname) || '.' end || quote_ident(r.relname) as table,
    obj_description(r.oid, 'pg_class') as about,
    (select string_agg(pg_get_constraintdef(k.oid), ', ' order by k.contype desc, k.conname)
       from pg_constraint k where k.conrelid = r.oid and k.contype in ('p', 'f')) as keys,
    quote_ident(a.attname) as column,
    format_type(a.atttypid, a.atttypmod) as type,
    col_description(r.oid, a.attnum) as column_about
  from pg_class r
  join pg_namespace n on n.oid = r.relnamespace
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  where r.relkind in ('r', 'p', 'v', 'm', 'f') and not r.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
    and has_column_privilege(r.oid, a.attnum, 'select')
  order by n.nspname, r.relname, a.attnum`

const rowSchema = z.object({
  table: z.string(),
  about: z.string().nullable(),
  keys: z.string().nullable(),
  column: z.string(),
  type: z.string(),
  column_about: z.string().nullable(),
})

/** The tables and views that the connection's user may read. Throws StepError `sql_…`. */
export async function readTables(
  sql: LentServices['sql'],
  connection: string,
  signal: AbortSignal,
): Promise<Table[]> {
  const answer = await sql({
    ...{ connection, sql: question, params: [], readOnly: true, maxRows: columnsAtMost, signal },
  })
  const tables = new Map<string, Table>()
  for (const row of answer.rows) {
    const { table, about, keys, column, type, column_about } = rowSchema.parse(row)
    const known = tables.get(table) ?? { name: table, about, keys, columns: [] }
    known.columns.push({ name: column, type, about: column_about })
    tables.set(table, known)
  }
  return [...tables.values()]
}

/** For a prompt: a line for each table. */
export function describedTables(tables: readonly Table[]): string {
  return tables
    .map(({ name, about, keys, columns }) => {
      const listed = columns
        .map((column) => `${column.name} ${column.type}${remark(column.about)}`)
        .join(', ')
      return `${name} (${listed})${keys ? `; ${keys}` : ''}${remark(about)}`
    })
    .join('\n')
}

const remark = (about: string | null) => (about ? ` /* ${about.replaceAll('*/', '').slice(0, 200)} */` : '')

export const asJson = (tables: readonly Table[]): Json =>
  tables.map(({ columns, ...table }) => ({ ...table, columns: columns.map((column) => ({ ...column })) }))
