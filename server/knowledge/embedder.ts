import {
  claimEmbedding,
  failEmbedding,
  finishEmbedding,
  holdEmbedding,
  listUnembedded,
  storeVectors,
  type EmbeddingClaim,
} from '@/db/embeddings'
import { uuidAt } from '@/db/uuid'
import { isObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { isDatabaseAway } from '../explain'
import type { Logger } from '../log'
import { countCall } from './count-call'
import { otherSize, withHeadings, type SearchParts } from './search'

/** Has models say what passages mean, in the background. */
export interface Embeddings {
  /** There may be work: looks at once instead of in a moment. */
  look(): void
  stop(): Promise<void>
}

/** How often work is looked for that others have left: other processes, and those that died. */
const lookMs = 3_000
/** Passages in one request: servers on one's own machine often take no more, and each request is soon answered. */
const passagesAtOnce = 32
const requestMs = 60_000
/** Renewed three times as often while a process is at it, so that others go on soon after one has died. */
const leaseMs = 15_000
/** Collections that this process works on at the same time. */
const collectionsAtOnce = 2
const firstRetryMs = 5_000
const longestRetryMs = 600_000
/** With the pauses between them about half an hour. */
const failuresAtMost = 10

/**
 * Works through what is due, batch by batch: each is stored before the next is asked for, so a process that dies loses
 * one request at most, and another goes on when its lease ends. `web` only leaves the work to others.
 */
export function createEmbeddings(
  parts: SearchParts & { log: Logger; role: 'all' | 'web' | 'worker' },
): Embeddings {
  const { db, models, log, role } = parts
  const stopping = new AbortController()
  let working: Promise<void> | null = null
  let isAskedAgain = false

  async function workAll(): Promise<void> {
    do {
      isAskedAgain = false
      const ends = await Promise.allSettled(Array.from({ length: collectionsAtOnce }, workOnWhatIsDue))
      const broken = ends.find((end) => end.status === 'rejected')
      if (broken) throw broken.reason
    } while (isAskedAgain && !stopping.signal.aborted)
  }

  async function workOnWhatIsDue(): Promise<void> {
    while (!stopping.signal.aborted) {
      const claim = await claimEmbedding(db, leaseMs)
      if (!claim) return
      await workOn(claim)
    }
  }

  async function workOn(claim: EmbeddingClaim): Promise<void> {
    const letGo = holdOn(claim)
    const outcome = await embedAll(claim).catch((error: unknown) => ({ error }))
    await letGo()
    if (outcome === 'done') return finishEmbedding(db, claim)
    if (outcome === 'changed' || stopping.signal.aborted) return holdEmbedding(db, claim, 0)
    const { error } = outcome
    if (!(error instanceof StepError)) throw error
    const { workspaceId, collection } = claim
    log.info({ err: error, workspaceId, collection }, 'Passages could not be embedded')
    await failEmbedding(db, claim, {
      ...{ code: error.code, message: error.message },
      retryMs: retryMsOf(error, claim.failures),
    })
  }

  /** Renews the lease until the function that it gives is called, which waits for the last time. */
  function holdOn(claim: EmbeddingClaim): () => Promise<void> {
    let renewing = Promise.resolve()
    const timer = setInterval(() => {
      renewing = holdEmbedding(db, claim, leaseMs).catch((error: unknown) =>
        log.debug({ err: error }, 'A lease could not be renewed'),
      )
    }, leaseMs / 3)
    return () => {
      clearInterval(timer)
      return renewing
    }
  }

  /** `changed`: somebody must look at it anew. */
  async function embedAll(claim: EmbeddingClaim): Promise<'done' | 'changed'> {
    const { workspaceId, collection, model, dimensions } = claim
    const pass = uuidAt(Date.now())
    for (let batch = 1; ; batch++) {
      const passages = await listUnembedded(db, workspaceId, claim, passagesAtOnce)
      if (passages.length === 0) return 'done'
      const embedder = await models.embedder(workspaceId, model)
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(requestMs)])
      const asked = embedder.embed(passages.map(withHeadings), { as: 'passage', signal })
      const { vectors } = await countCall(db, workspaceId, { pass, number: batch, collection }, asked)
      const length = vectors[0]?.length ?? 0
      if (length !== dimensions) {
        throw new StepError('embedding_size_changed', otherSize(model, length, dimensions))
      }
      const made = passages.map(({ document, number }, index) => ({
        ...{ document, number, vector: vectors[index] ?? [] },
      }))
      if (!(await storeVectors(db, claim, made, leaseMs))) return 'changed'
      claim.failures = 0
    }
  }

  function look(): void {
    if (role === 'web' || stopping.signal.aborted) return
    isAskedAgain = true
    working ??= workAll()
      .catch((error: unknown) => {
        if (isDatabaseAway(error)) log.debug({ err: error }, 'The database is away: passages wait')
        else log.error({ err: error }, 'Trouble while passages are embedded')
      })
      .finally(() => (working = null))
  }

  const timer = setInterval(look, lookMs)
  return {
    look,
    async stop() {
      clearInterval(timer)
      stopping.abort()
      await working
    },
  }
}

/** Null: it would not go well the next time either. */
function retryMsOf({ retryable, details }: StepError, failures: number): number | null {
  if (!retryable || failures + 1 >= failuresAtMost) return null
  const told = isObject(details) && typeof details.retryAfterMs === 'number' ? details.retryAfterMs : 0
  return Math.max(told, Math.min(firstRetryMs * 2 ** failures, longestRetryMs))
}
