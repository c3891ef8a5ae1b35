import type { App } from '../app'

/** Counts answers by area (`hooks`, `api`, …) and class of status; the names and units are Prometheus's. */
export class RequestCounts {
  private readonly counts = new Map<string, number>()

  add(area: string, status: number): void {
    const labels = `area="${area}",status="${Math.floor(status / 100)}xx"`
    this.counts.set(labels, (this.counts.get(labels) ?? 0) + 1)
  }

  entries(): Iterable<[labels: string, count: number]> {
    return this.counts
  }
}

/** Plain text in Prometheus's exposition format 0.0.4. */
export function metricsText(app: App, requests: RequestCounts): string {
  const { database, liveness, runs } = app.runtime.health()
  const memory = process.memoryUsage()
  const { pool } = app.db
  return [
    metric('millrace_info', 'gauge', 'The version that runs.', [[`version="${app.version}"`, 1]]),
    metric('millrace_http_requests_total', 'counter', 'Requests answered.', requests.entries()),
    metric('millrace_runs_in_memory', 'gauge', 'Runs that this process has in memory.', [['', runs]]),
    metric('millrace_database_up', 'gauge', 'Whether histories can be written.', [
      ['', Number(database === 'up')],
    ]),
    metric('millrace_liveness_held', 'gauge', 'Whether this process is known to live.', [
      ['', Number(liveness === 'held')],
    ]),
    metric('millrace_database_connections', 'gauge', 'Connections of the pool.', [
      ['state="idle"', pool.idleCount],
      ['state="busy"', pool.totalCount - pool.idleCount],
      ['state="waited_for"', pool.waitingCount],
    ]),
    metric('process_resident_memory_bytes', 'gauge', 'Memory of the process.', [['', memory.rss]]),
    metric('nodejs_heap_used_bytes', 'gauge', 'Heap in use.', [['', memory.heapUsed]]),
    metric('process_uptime_seconds', 'gauge', 'Since the start.', [['', Math.round(process.uptime())]]),
  ].join('')
}

function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: Iterable<[labels: string, value: number]>,
): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
  for (const [labels, value] of samples) lines.push(`${name}${labels && `{${labels}}`} ${value}`)
  return lines.join('\n') + '\n'
}
