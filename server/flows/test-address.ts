import { z } from 'zod'
import { getFlow } from '@/db/flows'
import type { App } from '../app'
import type { Caller } from '../auth/caller'

/** How long the address of a test works after it was asked for; the editor asks again while it listens. */
const listensForMs = 10 * 60_000
const purpose = 'webhook test'

const targetSchema = z.strictObject({
  workspaceId: z.string(),
  flowId: z.string(),
  node: z.string(),
  untilMs: z.number(),
})
export type TestTarget = z.output<typeof targetSchema>

export interface TestAddress {
  path: string
  until: string
}

/** An address that runs a flow's draft at its webhook, as the draft is when it is called. Throws NotFoundError. */
export async function listenForTest(
  app: Pick<App, 'db' | 'secrets'>,
  { workspaceId }: Pick<Caller, 'workspaceId'>,
  { flow, node }: { flow: string; node: string },
  nowMs: number,
): Promise<TestAddress> {
  await getFlow(app.db, workspaceId, flow)
  const untilMs = nowMs + listensForMs
  const target: TestTarget = { workspaceId, flowId: flow, node, untilMs }
  // It carries what it stands for: every process understands it, and nothing is stored.
  const token = app.secrets.seal(purpose, JSON.stringify(target))
  return { path: `/hooks/test/${token}`, until: new Date(untilMs).toISOString() }
}

/** What an address stands for; null when it is none of ours, or over. */
export function openTestAddress(app: Pick<App, 'secrets'>, token: string, nowMs: number): TestTarget | null {
  const text = app.secrets.open(purpose, token)
  const target = text === null ? null : targetSchema.parse(JSON.parse(text))
  return target && target.untilMs >= nowMs ? target : null
}
