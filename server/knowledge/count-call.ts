import type { Database } from '@/db/client'
import { addModelCall } from '@/db/model-calls'
import { StepError, type Usage } from '@/flow/kind'

/** Counts what a call outside of any run has used, in the name of its collection; also when it was of no use. */
export async function countCall<T extends { usage?: Usage }>(
  db: Database,
  workspaceId: string,
  call: {
    /** Of one pass over a collection. */
    pass: string
    /** Of the call in it. */
    number: number
    collection: string
  },
  asked: Promise<T>,
): Promise<T> {
  try {
    const answer = await asked
    if (answer.usage) await addModelCall(db, workspaceId, call, answer.usage)
    return answer
  } catch (error) {
    if (error instanceof StepError && error.usage) await addModelCall(db, workspaceId, call, error.usage)
    throw error
  }
}
