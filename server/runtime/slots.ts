import { z } from 'zod'
import type { Slot, SlotGroup } from '@/db/slots'
import type { FlowDocument } from '@/flow/document'
import { ExpressionError } from '@/flow/expression/error'
import type { Evaluate } from '@/flow/expression/evaluate'
import type { Json } from '@/flow/json'
import { RequestError } from '../request-error'

/** The payload of a job that admits runs. */
export const slotGroup = z.object({
  workspaceId: z.string(),
  flowId: z.string(),
  key: z.string(),
}) satisfies z.ZodType<SlotGroup>

/**
 * Whom a run with this input is counted with, when its flow bounds how many of its runs go on at once; null when it does
 * not. Throws RequestError `concurrency_key_failed`.
 */
export async function slotOf(document: FlowDocument, input: Json, evaluate: Evaluate): Promise<Slot | null> {
  const { concurrency } = document.settings
  if (!concurrency) return null
  const { limit, whenFull, key } = concurrency
  return { limit, whenFull, key: key === undefined ? '' : await keyOf(key, input, evaluate) }
}

async function keyOf(source: string, input: Json, evaluate: Evaluate): Promise<string> {
  try {
    const value = await evaluate(source, { trigger: input, input })
    return typeof value === 'string' ? value : JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new RequestError(
      422,
      'concurrency_key_failed',
      `The flow counts its runs by ${source}, which this input gives no value for: ${error.message}`,
      { cause: error },
    )
  }
}
