import type { FlowDocument } from '@/flow/document'
import type { Json } from '@/flow/json'
import { faultsOf, toldFaults } from '@/flow/json-shape'
import { RequestError } from '../request-error'

/** Throws RequestError 422 `invalid_input` when a run's input is not what the flow's `input` schema asks for. */
export function checkInput(document: FlowDocument, input: Json): void {
  if (!document.input) return
  const faults = faultsOf(document.input, input)
  if (faults.length === 0) return
  throw new RequestError(
    422,
    'invalid_input',
    `The input does not fit this flow: ${toldFaults(faults, 'input')}.`,
    { details: { faults } },
  )
}
