import type { Database } from '@/db/client'
import { NotFoundError } from '@/db/errors'
import { getVersion } from '@/db/versions'
import { StepError } from '@/flow/kind'
import type { ModelTool } from '@/nodes/step'
import { toolsOf } from './tools'

/**
 * The live version of a flow as a tool of that flow's id: it is called with what the run takes, and begins at the first start.
 * Throws StepError `flow_missing`, or `flow_not_a_tool` when it has no start, or takes something else than an object.
 */
export async function flowTool(db: Database, workspaceId: string, flow: string): Promise<ModelTool> {
  const { document } = await getVersion(db, workspaceId, flow, 'live').catch((error: unknown) => {
    if (error instanceof NotFoundError) throw new StepError('flow_missing', error.message, { cause: error })
    throw error
  })
  const [tool] = toolsOf(document)
  if (!tool) {
    throw new StepError(
      'flow_not_a_tool',
      `Flow ${flow} has no start, so a model cannot call it. Add one and publish.`,
    )
  }
  if (tool.wrappedAs !== null) {
    throw new StepError(
      'flow_not_a_tool',
      `Flow ${flow} takes no object, and models call tools with named arguments. Give its input named fields and publish.`,
    )
  }
  return { name: flow, description: tool.description, parameters: tool.parameters }
}
