import type { Database } from '@/db/client'
import { listTakenHookPaths } from '@/db/webhooks'
import type { FlowDocument, FlowNode } from '@/flow/document'
import { definitions } from '@/nodes/definitions'

const { kind } = definitions.webhook

/** How many numbers behind a path are tried. */
const triesAtMost = 200

/**
 * A copy of a flow whose webhooks answer at paths that no other flow has: one that is taken gets a number behind it. Those
 * that shared a path share the new one, as a GET and a POST may.
 */
export async function withFreeHookPaths(
  db: Database,
  workspaceId: string,
  document: FlowDocument,
): Promise<FlowDocument> {
  const paths = new Set(document.nodes.flatMap((node) => pathOf(node) ?? []))
  const candidates = [...paths].map((path) => [path, candidatesFor(path)] as const)
  if (candidates.length === 0) return document
  const taken = await listTakenHookPaths(
    db,
    workspaceId,
    kind,
    candidates.flatMap(([, each]) => each),
  )
  const chosen = new Map<string, string>()
  for (const [path, each] of candidates) {
    const free = each.find((candidate) => !taken.has(candidate)) ?? path
    // The next path of this flow may have come to the same number.
    taken.add(free)
    chosen.set(path, free)
  }
  const nodes = document.nodes.map((node) => {
    const path = chosen.get(pathOf(node) ?? '')
    return path === undefined ? node : { ...node, config: { ...node.config, path } }
  })
  return { ...document, nodes }
}

function pathOf(node: FlowNode): string | null {
  const { path } = node.config
  return node.kind === kind && typeof path === 'string' && path !== '' ? path : null
}

/** `orders/new`, `orders/new-2`, `orders/new-3` … */
function candidatesFor(path: string): string[] {
  const stem = path.slice(0, 195)
  return [path, ...Array.from({ length: triesAtMost - 1 }, (_, index) => `${stem}-${index + 2}`)]
}
