import { StepError } from '@/flow/kind'

/** A name as events are matched by, without the blanks around it. Throws StepError `config_invalid` when none is left. */
export function eventName(text: string): string {
  const name = text.trim()
  if (name !== '') return name
  throw new StepError('config_invalid', 'The name of the event came out empty.', { retryable: false })
}
