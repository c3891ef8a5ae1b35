import type { App } from '../app'
import { withinMs } from '../within'

/** What keeps this process from serving, one sentence each; empty when it is ready. */
export async function unreadiness(app: App): Promise<string[]> {
  const reasons: string[] = []
  const { database, liveness, isStopping } = app.runtime.health()
  if (isStopping) reasons.push('This process is stopping.')
  if (database === 'away' || !(await answers(app))) reasons.push('The database cannot be reached.')
  else if (liveness === 'lost')
    reasons.push('This process has lost its place among the workers and is taking it back.')
  return reasons
}

async function answers(app: App): Promise<boolean> {
  const asked = app.db.pool.query('select 1').then(
    () => true,
    () => false,
  )
  return (await withinMs(asked, 2_000)) ?? false
}

export async function readyResponse(app: App): Promise<Response> {
  const reasons = await unreadiness(app)
  const isReady = reasons.length === 0
  return Response.json(
    { status: isReady ? 'ready' : 'not_ready', reasons },
    { status: isReady ? 200 : 503, headers: isReady ? {} : { 'Retry-After': '2' } },
  )
}
