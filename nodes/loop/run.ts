import type { Json } from '@/flow/json'
import type { Outcome } from '@/flow/kind'
import { passesOf, passFailed } from '../passes'
import { defineRun, done, type StepContext } from '../step'
import { isTrue } from '../truth'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: (context) => round(context, context.input, 0),
  async resume(context, resolutions, wait) {
    if (wait.for !== 'body') return { type: 'wait', wait }
    const [result] = passesOf(resolutions)
    if (result && 'error' in result) throw passFailed(result.error)
    const item = result?.output ?? null
    const { until } = context.config
    if (until && isTrue(await context.evaluate(until, { item, index: wait.first }))) return done(item)
    return round(context, item, wait.first + 1)
  },
})

/** The round number `index`, counted from 0, with what the one before yielded; or the end. */
async function round({ config, evaluate }: StepContext<Config>, item: Json, index: number): Promise<Outcome> {
  const { atMost } = config
  if (index >= atMost) return done(item)
  if (config.while && !isTrue(await evaluate(config.while, { item, index }))) return done(item)
  return { type: 'each', items: [item], first: index, atOnce: 1, onItemError: 'stop', mode: 'inline' }
}
