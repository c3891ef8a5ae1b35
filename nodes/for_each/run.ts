import type { Json } from '@/flow/json'
import { StepError, type OnItemError, type PassResult, type Resolution, type RunsWait } from '@/flow/kind'
import { childFailed, passesIn, passesOf, passFailed } from '../passes'
import { defineRun, done } from '../step'
import type { Config } from './definition'

/** A run has 10,000 events at most, and a step inside takes one at least. */
const mostInline = 5_000

export const run = defineRun<Config>({
  async run({ config, evaluate }) {
    const { atOnce, onItemError, mode } = config
    const items = listOf(await evaluate(config.items))
    if (mode === 'inline' && items.length > mostInline) {
      throw new StepError(
        'too_many_items',
        `${items.length} items are more than one run can hold. Spread them over workers, or take at most ${mostInline}.`,
      )
    }
    return items.length === 0 ? done([]) : { type: 'each', items, atOnce, onItemError, mode }
  },
  resume({ config }, resolutions, wait) {
    if (wait.for === 'body') return done(gathered(passesOf(resolutions), config.onItemError))
    if (wait.for !== 'runs') return { type: 'wait', wait }
    const results = sliceResults(resolutions, wait)
    // After a continuation some of them have not been done yet: they are waited for again.
    return results ? done(gathered(results, config.onItemError)) : { type: 'wait', wait }
  },
})

function listOf(value: Json): Json[] {
  if (Array.isArray(value)) return value
  return value === null ? [] : [value]
}

function gathered(results: readonly PassResult[], onItemError: OnItemError): Json[] {
  return results.flatMap((result): Json[] => {
    if ('output' in result) return [result.output]
    if (onItemError === 'stop') throw passFailed(result.error)
    const { code, message } = result.error
    return onItemError === 'skip' ? [] : [{ error: { code, message } }]
  })
}

/** Results of all slices, in the order of the items; null while some have not ended. */
function sliceResults(resolutions: readonly Resolution[], wait: RunsWait): PassResult[] | null {
  const ended = new Map<number, PassResult[]>()
  for (const one of resolutions) {
    if (one.by !== 'run') continue
    if (one.status !== 'completed') throw childFailed(one)
    ended.set(one.call, passesIn(one.output))
  }
  return ended.size < wait.calls.length ? null : wait.calls.flatMap((_, call) => ended.get(call) ?? [])
}
