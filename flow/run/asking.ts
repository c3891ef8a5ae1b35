import type { JsonObject } from '../json'
import type { RunEvent } from './event'

/** A step that waits for the next message of the run's conversation. */
export interface OpenAsk {
  step: string
  /** Of the event by which it began to wait. */
  seq: number
  title: string
  message?: string
  schema?: JsonObject
  choices?: string[]
}

/** The steps that ask in a conversation after one more event of their run, oldest first. */
export function askingAfter(asks: readonly OpenAsk[], event: RunEvent): readonly OpenAsk[] {
  if (event.type === 'run_completed' || event.type === 'run_failed' || event.type === 'run_cancelled')
    return []
  const { step } = event
  if (step === undefined) return asks
  const others = asks.some((ask) => ask.step === step) ? asks.filter((ask) => ask.step !== step) : asks
  if (event.type !== 'step_waiting') return others
  const { wait } = event.data
  if (wait.for !== 'answer' || wait.channel !== 'chat') return others
  const { title, message, schema, choices } = wait
  return [
    ...others,
    {
      step,
      seq: event.seq,
      title,
      ...(message === undefined ? {} : { message }),
      ...(schema === undefined ? {} : { schema }),
      ...(choices === undefined ? {} : { choices }),
    },
  ]
}
