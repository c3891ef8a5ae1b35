import { z } from 'zod'
import { documentSchema, type FlowDocument } from '@/flow/document'
import { fingerprintOf } from './fingerprint'
import type { PastEdit } from './editor-store'

/** What an editor leaves behind for its next visit. */
export interface Remembered {
  undo: readonly PastEdit[]
  redo: readonly PastEdit[]
  /** A document that never reached the server. */
  unsaved: { document: FlowDocument; savedDocument: FlowDocument; revision: number } | null
}

interface Memorable {
  document: FlowDocument
  savedDocument: FlowDocument
  revision: number
  undo: readonly PastEdit[]
  redo: readonly PastEdit[]
}

export interface EditMemory {
  /** `document` is what the server has now. */
  recall(document: FlowDocument, revision: number): Remembered
  /** Notes what `read` gives, a moment later. */
  remember(read: () => Memorable): void
  /** Notes at once what is waiting to be. */
  flush(): void
}

const delayMs = 400

const draftSchema = z.object({
  tab: z.string(),
  revision: z.number(),
  document: documentSchema,
  savedDocument: documentSchema,
})
/** Only this tab writes its history, and only for the very document it belongs to. */
const historySchema = z.object({
  of: z.number(),
  undo: z.array(z.custom<PastEdit>(isPastEdit)),
  redo: z.array(z.custom<PastEdit>(isPastEdit)),
})

function isPastEdit(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'edit' in value && 'inverse' in value
}

/**
 * Keeps the undo stacks of a flow for this tab over a reload, and an unsaved document for this browser over a crash.
 * A draft is removed only by the tab that wrote it.
 */
export function createEditMemory(
  flowId: string,
  tabStorage: Storage,
  browserStorage: Storage,
  tab: string,
): EditMemory {
  const historyKey = `millrace-history:${flowId}`
  const draftKey = `millrace-unsaved:${flowId}`
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting: (() => Memorable) | null = null

  function write(): void {
    clearTimeout(timer)
    if (!waiting) return
    const { document, savedDocument, revision, undo, redo } = waiting()
    waiting = null
    if (document === savedDocument) {
      if (parsed(browserStorage, draftKey, draftSchema)?.tab === tab) browserStorage.removeItem(draftKey)
    } else store(browserStorage, draftKey, JSON.stringify({ tab, revision, document, savedDocument }))
    const of = fingerprintOf(JSON.stringify(document))
    // A full storage costs the oldest edits first.
    for (let keep = undo.length; keep > 0 || undo.length === 0; keep = Math.floor(keep / 2)) {
      const text = JSON.stringify({ of, undo: undo.slice(-keep), redo })
      if (store(tabStorage, historyKey, text) || keep === 0) return
    }
    tabStorage.removeItem(historyKey)
  }

  return {
    recall(document, revision) {
      const draft = parsed(browserStorage, draftKey, draftSchema)
      const fresh = JSON.stringify(document)
      const isNews = draft !== null && JSON.stringify(draft.document) !== fresh
      const unsaved = isNews
        ? {
            document: draft.document,
            revision: draft.revision,
            savedDocument: draft.revision === revision ? document : draft.savedDocument,
          }
        : null
      const history = parsed(tabStorage, historyKey, historySchema)
      const shown = fingerprintOf(unsaved ? JSON.stringify(unsaved.document) : fresh)
      const fits = history !== null && history.of === shown
      return { undo: fits ? history.undo : [], redo: fits ? history.redo : [], unsaved }
    },
    remember(read) {
      waiting = read
      clearTimeout(timer)
      timer = setTimeout(write, delayMs)
    },
    flush: write,
  }
}

function parsed<T>(storage: Storage, key: string, schema: z.ZodType<T>): T | null {
  const text = storage.getItem(key)
  if (text === null) return null
  try {
    const result = schema.safeParse(JSON.parse(text))
    return result.success ? result.data : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** False when the storage is full. */
function store(storage: Storage, key: string, text: string): boolean {
  try {
    storage.setItem(key, text)
    return true
  } catch (error) {
    if (error instanceof DOMException) return false
    throw error
  }
}
