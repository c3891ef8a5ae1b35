import type { Database } from '@/db/client'
import { addModelCall, type Asker } from '@/db/model-calls'
import { StepError, type Usage } from '@/flow/kind'

/** Counts what a call outside of any run has used, also when it was of no use. `number` is that of the call in its pass. */
export async function countCall<T extends { usage?: Usage }>(
  db: Database,
  workspaceId: string,
  asker: Asker,
  number: number,
  asked: Promise<T>,
): Promise<T> {
  try {
    const answer = await asked
    if (answer.usage) await addModelCall(db, workspaceId, asker, number, answer.usage)
    return answer
  } catch (error) {
    if (error instanceof StepError && error.usage) {
      await addModelCall(db, workspaceId, asker, number, error.usage)
    }
    throw error
  }
}
