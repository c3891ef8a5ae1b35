import { asText } from '@/flow/json'
import type { Outcome } from '@/flow/kind'
import { defineRun, done, type StepContext } from '../step'
import { isTrue } from '../truth'
import { keywordsIn } from './keywords'
import type { Config } from './definition'

export const run = defineRun<Config>({
  run: (context) => (context.config.by === 'expression' ? byCondition(context) : byKeywords(context)),
})

function classified(route: string, confidence: number, reason: string): Outcome {
  return done({ route, confidence, reason }, route)
}

async function byCondition({ config, evaluate }: StepContext<Config>): Promise<Outcome> {
  for (const { port, when = 'false' } of config.labels) {
    if (isTrue(await evaluate(when))) return classified(port, 1, when)
  }
  return classified('other', 1, 'No condition is true.')
}

/** The label with the most keywords in the text, of several the first; sure by its share of all keywords found. */
function byKeywords({ config, input }: StepContext<Config>): Outcome {
  const text = config.text === undefined ? asText(input) : config.text
  const found = config.labels.map(({ port, keywords = [] }) => ({ port, words: keywordsIn(text, keywords) }))
  const all = found.reduce((sum, { words }) => sum + words.length, 0)
  const most = Math.max(...found.map(({ words }) => words.length))
  const best = found.find(({ words }) => words.length === most)
  if (!best || most === 0) return classified('other', 1, 'No keyword stands in the text.')
  return classified(best.port, most / all, `Found: ${best.words.join(', ')}`)
}
