import type { Database } from '@/db/client'
import type { Usage } from '@/flow/kind'
import { countCall as count } from '../models/count-call'

/** Counts what a call outside of any run has used, in the name of its collection; also when it was of no use. */
export function countCall<T extends { usage?: Usage }>(
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
  const { pass, number, collection } = call
  const asker = { place: `knowledge:${collection}`, part: 'embed', pass } as const
  return count(db, workspaceId, asker, number, asked)
}
