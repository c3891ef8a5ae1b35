import type { Database } from '@/db/client'
import { listFlows, type FlowFilter } from '@/db/flows'
import { drawingOf, type Drawing } from '@/flow/drawing'
import type { RunStatus } from '@/flow/run/event'
import { kinds } from '@/nodes/definitions'

export interface FlowCard {
  id: string
  name: string
  description: string
  tags: string[]
  revision: number
  updatedAt: string
  liveVersion: number | null
  draftDiffers: boolean
  drawing: Drawing
  /** Newest first. */
  recentRuns: RunStatus[]
}

/** Newest change first. */
export async function listFlowCards(
  db: Database,
  workspaceId: string,
  filter: FlowFilter = {},
): Promise<FlowCard[]> {
  const flows = await listFlows(db, workspaceId, filter)
  return flows.map(({ id, document, revision, updatedAt, liveVersion, draftDiffers, recentRuns }) => ({
    id,
    name: document.name,
    description: document.description,
    tags: document.tags,
    revision,
    updatedAt: updatedAt.toISOString(),
    liveVersion,
    draftDiffers,
    drawing: drawingOf(document, kinds),
    recentRuns,
  }))
}
