import type { Database } from '@/db/client'
import { ConflictError } from '@/db/errors'
import { createFlow, freeFlowId, getFlow, saveFlow } from '@/db/flows'
import { documentLimits, emptyDocument, flowIdSchema, type FlowDocument, type FlowId } from '@/flow/document'
import { parseDocument } from '@/flow/formats/json'
import type { Problem } from '@/flow/problem'
import { validate } from '@/flow/validate'
import { kinds } from '@/nodes/definitions'
import { InvalidFlowError, RequestError, StaleRevisionError } from '../request-error'
import { getTemplate } from '../templates'
import { withFreeHookPaths } from './hook-paths'

export interface Draft {
  document: FlowDocument
  revision: number
  updatedAt: string
  updatedBy: string | null
  liveVersion: number | null
  draftDiffers: boolean
}

export async function getDraft(db: Database, workspaceId: string, id: string): Promise<Draft> {
  const { document, revision, updatedAt, updatedBy, liveVersion, draftDiffers } = await getFlow(
    db,
    workspaceId,
    id,
  )
  return { document, revision, updatedAt: updatedAt.toISOString(), updatedBy, liveVersion, draftDiffers }
}

/** A new flow from a document, a template or nothing; a taken id gets a number behind it. */
export async function createDraft(
  db: Database,
  workspaceId: string,
  from: { name?: string; document?: FlowDocument; template?: string },
  person: string,
): Promise<{ id: string; revision: number }> {
  const source =
    from.document ?? (from.template === undefined ? null : (await getTemplate(from.template)).document)
  const name = from.name?.trim() || source?.name || 'Untitled flow'
  const wanted = source && from.name === undefined ? source.id : slugOf(name)
  const id = flowIdSchema.parse(await freeFlowId(db, workspaceId, wanted))
  const named = source ? { ...source, id, name } : emptyDocument(id, name)
  // A document that somebody brings keeps its addresses: they are what its callers know.
  const document = from.template === undefined ? named : await withFreeHookPaths(db, workspaceId, named)
  checkSize(document)
  return createFlow(db, workspaceId, document, person)
}

/** The draft under a new id, with "copy" in its name, its webhooks at paths of their own. Throws NotFoundError. */
export async function duplicateDraft(
  db: Database,
  workspaceId: string,
  id: string,
  person: string,
): Promise<{ id: string; revision: number }> {
  const { document } = await getFlow(db, workspaceId, id)
  const copyId = flowIdSchema.parse(await freeFlowId(db, workspaceId, `${id.slice(0, 56)}_copy`))
  const copy = { ...document, id: copyId, name: `${document.name || id} copy`.slice(0, 200) }
  return createFlow(db, workspaceId, await withFreeHookPaths(db, workspaceId, copy), person)
}

/** `Renewal management!` → `renewal_management`; `otherwise` when no letter is left. */
export function slugOf(name: string, otherwise = 'flow'): FlowId {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 58)
  return flowIdSchema.parse(slug || otherwise)
}

/** Throws StaleRevisionError with what is stored, when `revision` is not the newest. */
export async function saveDraft(
  db: Database,
  workspaceId: string,
  save: { id: string; document: FlowDocument; revision: number },
  person: string,
): Promise<{ revision: number; updatedAt: string }> {
  checkSize(save.document)
  try {
    const saved = await saveFlow(db, workspaceId, save.id, save.document, save.revision, person)
    return { revision: saved.revision, updatedAt: saved.updatedAt.toISOString() }
  } catch (error) {
    if (!(error instanceof ConflictError) || error.code !== 'stale_revision') throw error
    const { document, revision, updatedBy } = await getFlow(db, workspaceId, save.id)
    throw new StaleRevisionError({ document, revision, updatedBy })
  }
}

/** Throws RequestError 413. */
export function checkSize(document: FlowDocument): void {
  const bytes = Buffer.byteLength(JSON.stringify(document))
  if (bytes <= documentLimits.bytes) return
  throw new RequestError(
    413,
    'document_too_large',
    `This flow takes ${Math.ceil(bytes / 1024)} KiB; a flow may take 2 MiB. Take pinned samples out, or move parts to flows of their own.`,
  )
}

/** What an importer could not carry over: where it stood, and in words what it was. */
export interface Loss {
  path: (string | number)[]
  message: string
}

export interface Imported {
  document: FlowDocument
  /** What keeps it from running as it is. */
  problems: Problem[]
  losses: Loss[]
}

/** Reads a flow from JSON text. Throws InvalidFlowError. */
export function readDocument(text: string): Imported {
  const parsed = parseDocument(text)
  if ('problems' in parsed) throw new InvalidFlowError('This is not a flow document.', parsed.problems)
  return { document: parsed.document, problems: validate(parsed.document, kinds, Date.now()), losses: [] }
}
