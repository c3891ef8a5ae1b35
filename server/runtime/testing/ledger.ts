import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { HttpRequest, LentServices } from '@/nodes/step'
import { absentServices } from '@/nodes/testing/absent-services'
import { ledgerModel } from './ledger-model'

/** One effect that was really performed, as told by the outside and not by the history. */
export interface Performed {
  /** `<run>:<step>:<round>`. */
  key: string
  path: string
  pid: number
}

/** Makes the table of the ledger beside the tables of the product. */
export async function createLedger(pool: pg.Pool): Promise<void> {
  await pool.query(
    'create table ledger (id serial, key text not null, path text not null, pid int not null, at timestamptz default clock_timestamp())',
  )
}

export async function readLedger(pool: pg.Pool, run: string): Promise<Performed[]> {
  const result = await pool.query<Performed>(
    'select key, path, pid from ledger where starts_with(key, $1) order by id',
    [run],
  )
  return result.rows
}

/**
 * Services whose `http` and models write what they are asked into the ledger. The address of `http` says how it behaves: `ms` milliseconds of
 * work after the entry, `status`, `failing` = how many first tries of a key answer 503, `die` = ends this process.
 */
export function ledgerServices(pool: pg.Pool): LentServices {
  return {
    ...absentServices,
    http: (request) => perform(pool, request),
    model: (name = 'ledger') => Promise.resolve(ledgerModel(pool, name)),
  }
}

async function perform(pool: pg.Pool, request: HttpRequest) {
  const url = new URL(request.url)
  const key = request.headers['idempotency-key'] ?? ''
  await pool.query('insert into ledger (key, path, pid) values ($1, $2, $3)', [
    key,
    url.pathname,
    process.pid,
  ])
  if (url.searchParams.has('die') && process.env.WORKER_ORDER) process.kill(process.pid, 'SIGKILL')
  await delay(Number(url.searchParams.get('ms') ?? 0), undefined, { signal: request.signal })
  const tries = await pool.query<{ count: number }>('select count(*)::int from ledger where key = $1', [key])
  const isFailing = (tries.rows[0]?.count ?? 0) <= Number(url.searchParams.get('failing') ?? 0)
  const status = isFailing ? 503 : Number(url.searchParams.get('status') ?? 200)
  const body = new TextEncoder().encode(JSON.stringify({ path: url.pathname }))
  return { status, headers: { 'content-type': 'application/json' }, body }
}
