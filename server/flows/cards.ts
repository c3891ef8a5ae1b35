import type { Database } from '@/db/client'
import { listFlows, type FlowFilter } from '@/db/flows'
import type { FlowDocument } from '@/flow/document'
import type { Category } from '@/flow/kind'
import type { RunStatus } from '@/flow/run/event'
import { kinds } from '@/nodes/definitions'

/** A flow small enough to draw as a thumbnail. */
export interface Drawing {
  nodes: { id: string; category: Category | 'unknown'; x: number; y: number }[]
  edges: { from: string; to: string }[]
}

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
    drawing: drawingOf(document),
    recentRuns,
  }))
}

/** Nodes inside containers are left out: at a thumbnail's size their container stands for them. */
export function drawingOf(document: FlowDocument): Drawing {
  const nodes = document.nodes.filter((node) => node.parent === undefined)
  const shown = new Set(nodes.map((node) => node.id))
  return {
    nodes: nodes.map((node) => ({
      id: node.id,
      category: kinds.get(node.kind)?.category ?? 'unknown',
      x: node.position.x,
      y: node.position.y,
    })),
    edges: document.edges
      .filter((edge) => shown.has(edge.from) && shown.has(edge.to))
      .map(({ from, to }) => ({ from, to })),
  }
}
