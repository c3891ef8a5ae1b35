import { readLoad, type Load } from '@/db/metrics'
import type { App } from '../app'
import { appendBounds, type Measures } from '../runtime/measures'
import { withinMs } from '../within'

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
export async function metricsText(app: App, requests: RequestCounts): Promise<string> {
  const { database, liveness, runs } = app.runtime.health()
  const { measures } = app.runtime
  const load = await loadOf(app)
  const memory = process.memoryUsage()
  const { pool } = app.db
  return [
    metric('millrace_info', 'gauge', 'The version that runs.', [[`version="${app.version}"`, 1]]),
    metric('millrace_http_requests_total', 'counter', 'Requests answered.', requests.entries()),
    metric('millrace_runs_in_memory', 'gauge', 'Runs that this process has in memory.', [['', runs]]),
    ...(load ? loadMetrics(load) : []),
    metric(
      'millrace_runs_ended_total',
      'counter',
      'Runs that ended in this process.',
      [...measures.ended].map(([status, count]) => [`status="${status}"`, count]),
    ),
    appendHistogram(measures),
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

/** The numbers of the whole installation are read this rarely, however many ask. */
const loadForMs = 2_000
const loads = new WeakMap<App, { load: Promise<Load | null>; untilMs: number }>()

/** Null while the database is away: the rest is told all the same. */
function loadOf(app: App): Promise<Load | null> {
  const known = loads.get(app)
  if (known && known.untilMs > performance.now()) return known.load
  const load = withinMs(
    readLoad(app.db).catch(() => null),
    loadForMs,
  )
  loads.set(app, { load, untilMs: performance.now() + loadForMs })
  return load
}

function loadMetrics({ runs, jobs }: Load): string[] {
  return [
    metric(
      'millrace_runs',
      'gauge',
      'Runs of the whole installation that have not ended, by status.',
      (['queued', 'running', 'waiting'] as const).map((status) => [`status="${status}"`, runs[status] ?? 0]),
    ),
    metric('millrace_jobs', 'gauge', 'Jobs of the whole installation: due, taken, and for later.', [
      ['state="ready"', jobs.ready],
      ['state="taken"', jobs.taken],
      ['state="scheduled"', jobs.scheduled],
    ]),
  ]
}

function appendHistogram({ appends, appendSeconds }: Measures): string {
  const name = 'millrace_append_seconds'
  let total = 0
  const samples = appends.map((count, index): [string, number] => {
    total += count
    return [`le="${appendBounds[index] ?? '+Inf'}"`, total]
  })
  const buckets = samples.map(([labels, count]) => `${name}_bucket{${labels}} ${count}`)
  return [
    `# HELP ${name} How long the database took to write a batch of histories.`,
    `# TYPE ${name} histogram`,
    ...buckets,
    `${name}_sum ${appendSeconds}`,
    `${name}_count ${total}`,
    '',
  ].join('\n')
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
