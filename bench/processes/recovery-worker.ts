import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { openDatabase } from '@/db/client'
import { createRuntime } from '@/server/runtime/runtime'
import { instantServices } from '../flows'

/* A process for bench/recovery.ts to kill. Says when it takes work; effects named `slow` take a second. */

const db = openDatabase(process.env.DATABASE_URL ?? '')
const services = instantServices(async (url, key) => {
  await db.pool.query('insert into ledger (key, pid) values ($1, $2)', [key, process.pid])
  if (url.endsWith('/slow')) await delay(1_000)
})
const runtime = await createRuntime({
  db,
  services: () => services,
  log: pino({ level: 'error' }),
  role: 'all',
})
process.send?.('ready')
if (process.env.START) {
  await runtime.start({
    workspaceId: process.env.WORKSPACE ?? '',
    flowId: process.env.START,
    version: 'draft',
    input: {},
    cause: 'bench',
    mode: 'inline',
  })
}
