import type { Database } from '@/db/client'
import { listEvents } from '@/db/events'
import { getFlow } from '@/db/flows'
import { getRun } from '@/db/runs'
import { getVersion } from '@/db/versions'
import type { FlowDocument } from '@/flow/document'
import { printDocument } from '@/flow/formats/json'
import { printMermaid } from '@/flow/formats/mermaid'
import { printText } from '@/flow/formats/text'
import { graphOf } from '@/flow/graph'
import { replay } from '@/flow/run/replay'
import type { RunState } from '@/flow/run/state'
import { NotFoundError } from '@/db/errors'
import { kinds } from '@/nodes/definitions'

export const exportFormats = ['json', 'text', 'mermaid'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type VersionName = 'draft' | 'live' | number

const formats: Record<
  ExportFormat,
  { ending: string; mediaType: string; print: (document: FlowDocument, run?: RunState) => string }
> = {
  json: { ending: 'flow.json', mediaType: 'application/json', print: (document) => printDocument(document) },
  text: {
    ending: 'txt',
    mediaType: 'text/plain; charset=utf-8',
    print: (document, run) => printText(document, kinds, run),
  },
  mermaid: {
    ending: 'mmd',
    mediaType: 'text/vnd.mermaid; charset=utf-8',
    print: (document, run) => printMermaid(document, kinds, run),
  },
}

export interface Exported {
  text: string
  filename: string
  mediaType: string
  /** Of the draft, when the draft was exported: what a later save names. */
  revision: number | null
}

/** A flow as text; with `run` its drawing carries that run's history, on the version that ran. Throws NotFoundError. */
export async function exportFlow(
  db: Database,
  workspaceId: string,
  id: string,
  format: ExportFormat,
  of: { version?: VersionName; run?: string } = {},
): Promise<Exported> {
  const { ending, mediaType, print } = formats[format]
  const filename = `${id}.${ending}`
  if (of.run !== undefined) {
    const { document, state } = await readHistory(db, workspaceId, id, of.run)
    return { text: print(document, state), filename, mediaType, revision: null }
  }
  if (of.version === undefined || of.version === 'draft') {
    const { document, revision } = await getFlow(db, workspaceId, id)
    return { text: print(document), filename, mediaType, revision }
  }
  const { document } = await getVersion(db, workspaceId, id, of.version)
  return { text: print(document), filename, mediaType, revision: null }
}

async function readHistory(db: Database, workspaceId: string, id: string, runId: string) {
  const run = await getRun(db, workspaceId, runId)
  if (run.flowId !== id) throw new NotFoundError(`Run ${runId} is not one of flow ${id}.`)
  const events = await listEvents(db, workspaceId, runId)
  return { document: run.document, state: replay(graphOf(run.document, kinds), events) }
}
