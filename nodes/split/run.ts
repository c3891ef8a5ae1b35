import { asText } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { defineRun, done } from '../step'
import { drawnBy } from './draw'
import type { Config } from './definition'

export const run = defineRun<Config>({
  async run({ config, input, idempotencyKey, evaluate }) {
    const place = placeOf(idempotencyKey)
    const key = config.key ? asText(await evaluate(config.key)) : ''
    const flow = key === '' ? '' : asText(await evaluate('run.flow'))
    // Without a key each run is drawn by itself, and each item of a container in it; its later rounds go the same way.
    const drawn = key === '' ? place.step : `${flow}/${place.node}/${key}`
    const variant = drawnBy(drawn, config.variants)
    if (variant) return done(input, variant.port)
    throw new StepError('config_invalid', 'No variant has a weight above 0.', { retryable: false })
  },
})

/** Of `<run>:<step>:<round>`: the step of the run, and the node that it is of, the same in every run. */
function placeOf(idempotencyKey: string): { step: string; node: string } {
  const step = idempotencyKey.slice(0, idempotencyKey.lastIndexOf(':'))
  return { step, node: step.split(/[/:]/).at(-1) ?? '' }
}
