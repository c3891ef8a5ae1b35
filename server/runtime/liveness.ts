import { lockClass } from '@/db/locks'
import { keepConnected, type LastingConnection } from './connection'

/**
 * Holds the advisory lock that says "this worker lives". Postgres frees it the moment the process is gone, and within
 * seconds when its machine is. A lost connection takes it again; runs that were taken over meanwhile are fenced by epoch.
 */
export function holdLiveness(url: string, worker: number): LastingConnection {
  return keepConnected(url, 'millrace liveness', async (client) => {
    // The server gives up on a machine that has vanished after three unanswered probes, 5 s apart at first.
    await client.query('set tcp_keepalives_idle = 5')
    await client.query('set tcp_keepalives_interval = 1')
    await client.query('set tcp_keepalives_count = 3')
    await client.query('select pg_advisory_lock($1, $2)', [lockClass.worker, worker])
  })
}
