import type { ReadAnswer, ReadQuestion } from './read-document'
import { RequestError } from '../request-error'
import { startThread } from '../threads/start-thread'
import { createTurnstile } from '../turnstile'
import type { Chunk } from './chunks'
import { formatOf, mediaTypes } from './formats'

export const documentLimits = { bytes: 20 * 1024 * 1024, characters: 5_000_000 } as const

const timeLimitMs = 60_000
const memoryMb = 512
/** Documents that this process reads at the same time. */
const turnstile = createTurnstile(2)

/** A document's text in passages. */
export interface ReadDocument {
  mediaType: string
  chunks: Chunk[]
  characters: number
}

/**
 * Reads a document on a thread of its own, which is ended when it takes too much time or memory, so that no file holds up the
 * server. Throws RequestError 415 when its type is unknown and 422 when it cannot be read: `document_without_text`,
 * `document_locked`, `document_broken`, `document_too_long`.
 */
export async function readUpload(name: string, sentAs: string, bytes: Uint8Array): Promise<ReadDocument> {
  const format = formatOf(name, sentAs, bytes)
  const leave = await turnstile.pass(new AbortController().signal)
  try {
    const answer = await onThread({ format, bytes, maxCharacters: documentLimits.characters })
    if ('chunks' in answer) return { mediaType: mediaTypes[format], ...answer }
    throw new RequestError(422, answer.problem.code, `${name} ${answer.problem.message}`)
  } finally {
    leave()
  }
}

function onThread(question: ReadQuestion): Promise<ReadAnswer> {
  return new Promise((resolve) => {
    const worker = startThread('document', import.meta.url, {
      workerData: question,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 64 },
      env: {},
    })
    const end = (answer: ReadAnswer) => {
      clearTimeout(timer)
      resolve(answer)
      void worker.terminate()
    }
    const broken = (message: string) => end({ problem: { code: 'document_broken', message } })
    const timer = setTimeout(
      () => broken(`takes more than ${timeLimitMs / 1_000} seconds to read. Divide it, or upload its text.`),
      timeLimitMs,
    )
    worker.on('message', end)
    worker.on('error', (error: Error & { code?: string }) =>
      broken(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? 'needs too much memory to read. Divide it, or upload its text.'
          : `cannot be read: ${error.message}`,
      ),
    )
    worker.on('exit', () => broken('could not be read.'))
  })
}
