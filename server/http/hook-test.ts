import { getFlow } from '@/db/flows'
import { isObject } from '@/flow/json'
import { definition } from '@/nodes/webhook/definition'
import type { App } from '../app'
import { openTestAddress } from '../flows/test-address'
import { RequestError } from '../request-error'
import { hookOf, type Hook } from './hook-config'

const prefix = 'test/'
export const isTestPath = (path: string) => path.startsWith(prefix)

/** The webhook of the draft as it is now. Throws RequestError 404, 405 and 422. */
export async function openTest(app: App, method: string, path: string, nowMs: number): Promise<Hook> {
  const target = openTestAddress(app, path.slice(prefix.length), nowMs)
  if (!target) {
    throw new RequestError(
      404,
      'test_over',
      'This address for a test works no more. Listen again in the editor, and call the new one.',
    )
  }
  const { workspaceId, flowId, node: id } = target
  const { document } = await getFlow(app.db, workspaceId, flowId)
  const node = document.nodes.find((each) => each.id === id && each.kind === definition.kind)
  if (!node || !isObject(node.config) || !definition.config.safeParse(node.config).success) {
    throw new RequestError(
      422,
      'invalid_hook',
      `The webhook ${id} is gone from the draft, or not set up yet.`,
    )
  }
  const hook = hookOf(node.config, { workspaceId, flowId, node: id, version: 'draft' })
  const wanted = hook.config.method
  if (wanted !== 'ANY' && wanted !== method) {
    throw new RequestError(405, 'method_not_allowed', `This webhook takes ${wanted}, not ${method}.`, {
      headers: { Allow: wanted },
    })
  }
  return hook
}
